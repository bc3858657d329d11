#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "harness/core/error.hpp"
#include "kernels/training/tensor.hpp"

namespace gpubench::cuda {

// All parameters of a model as one table, so that one launch goes through all of them however many there are. Table and
// chunks are made once on the host; the caller keeps their copies in device memory.

/// One tensor; arrays of `count` elements in device memory that do not overlap. They may begin at any element; where
/// all begin at a multiple of 16 bytes they are faster.
struct ParameterTensor {
  float* weights = nullptr;
  void* copy = nullptr;             ///< the weights as `copy_type`, written whenever they change; null: there is none
  const void* gradients = nullptr;  ///< as `gradient_type`, times the loss scale
  float* first = nullptr;           ///< SGD: the velocity; AdamW: m
  float* second = nullptr;          ///< AdamW: v
  std::int64_t count = 0;
  float decay = 0;
  training::Type gradient_type = training::Type::f32;  ///< f32, bf16 or f16
  training::Type copy_type = training::Type::bf16;     ///< bf16 or f16
};

/// What one block works on: the elements from `index * chunk_elements` on of a tensor.
struct Chunk {
  std::int32_t tensor = 0, index = 0;
};
inline constexpr std::int64_t chunk_elements = 4096;

/// Both arrays in device memory.
struct ParameterTable {
  const ParameterTensor* tensors = nullptr;
  const Chunk* chunks = nullptr;
  std::int64_t chunk_count = 0;
};

/// Every element in exactly one chunk, tensors and chunks in order; only a tensor's last chunk is not full.
/// @throws Error for a tensor that has a negative count, elements without gradients, a type that it may not have, or
/// arrays that begin between elements
inline std::vector<Chunk> chunks_of(std::span<const ParameterTensor> tensors) {
  const auto size_of = [](training::Type type) -> std::uintptr_t { return type == training::Type::f32 ? 4 : 2; };
  const auto fits = [](const void* pointer, std::uintptr_t size) {
    return reinterpret_cast<std::uintptr_t>(pointer) % size == 0;
  };
  const auto is_short = [](training::Type type) { return type == training::Type::bf16 || type == training::Type::f16; };
  std::vector<Chunk> chunks;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const ParameterTensor& tensor = tensors[i];
    const auto refuse = [&](const char* why) { throw Error("parameter " + std::to_string(i) + ' ' + why); };
    const std::int64_t count = (tensor.count + chunk_elements - 1) / chunk_elements;
    if (tensor.count < 0 || count > std::numeric_limits<std::int32_t>::max()) refuse("has an impossible count");
    if (tensor.count > 0 && tensor.gradients == nullptr) refuse("has no gradients");
    if (tensor.gradient_type != training::Type::f32 && !is_short(tensor.gradient_type))
      refuse("has gradients of a type without arithmetic");
    if (tensor.copy != nullptr && !is_short(tensor.copy_type)) refuse("has a copy that is neither bf16 nor fp16");
    if (!fits(tensor.weights, 4) || !fits(tensor.first, 4) || !fits(tensor.second, 4) || !fits(tensor.copy, 2) ||
        !fits(tensor.gradients, size_of(tensor.gradient_type)))
      refuse("has an array that begins between elements");
    for (std::int64_t index = 0; index < count; ++index)
      chunks.push_back({.tensor = static_cast<std::int32_t>(i), .index = static_cast<std::int32_t>(index)});
  }
  return chunks;
}

}  // namespace gpubench::cuda
