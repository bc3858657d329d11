#include "kernels/training/onednn/layers.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/host/loops.hpp"
#include "kernels/training/onednn/host_memory.hpp"
#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training {
namespace {

void expect(std::span<const float> values, const TensorDesc& desc) {
  if (static_cast<std::int64_t>(values.size()) != elements(desc.shape))
    throw Error(fmt::format("{} values for a tensor of {}", values.size(), elements(desc.shape)));
}

}  // namespace

OneDnnLayers::OneDnnLayers() : setting_(onednn::Setting::make()) {}

std::unique_ptr<Planned> OneDnnLayers::plan(const Operation& operation, std::span<const TensorDesc> given) try {
  if (given.size() != operands(operation).inputs.size())
    throw Error(fmt::format("{} planned with a wrong number of inputs", text(operation)));
  return std::visit([&](const auto& one) { return onednn::plan(setting_, one, given); }, operation);
} catch (const dnnl::error& error) {
  onednn::translate(error, operation);
}

TensorDesc OneDnnLayers::plain(const Shape& shape, Type type) {
  return onednn::tensor_of({.shape = shape, .type = type}, onednn::plain_desc(shape, type));
}

std::unique_ptr<Memory> OneDnnLayers::allocate(std::size_t bytes) {
  return std::make_unique<onednn::HostMemory>(bytes);
}

void OneDnnLayers::reorder(const TensorDesc& have, void* from, const TensorDesc& want, void* to) {
  const auto planned = plan(Reorder{.from = have, .to = want}, {&have, 1});
  onednn::HostMemory scratch(planned->scratch_bytes);
  planned->bind({&from, 1}, {&to, 1}, scratch.data())();
}

void OneDnnLayers::upload(std::span<const float> values, const TensorDesc& desc, void* to) {
  expect(values, desc);
  if (desc.type == Type::i32) {
    std::transform(values.begin(), values.end(), static_cast<std::int32_t*>(to), [](float value) {
      return static_cast<std::int32_t>(value);
    });
    return;
  }
  const TensorDesc host = plain(desc.shape, Type::f32);
  reorder(host, const_cast<float*>(values.data()), desc, to);  // reads it only
}

void OneDnnLayers::download(const TensorDesc& desc, const void* from, std::span<float> values) {
  expect(values, desc);
  if (desc.type == Type::i32) {
    const auto* numbers = static_cast<const std::int32_t*>(from);
    std::transform(
        numbers, numbers + values.size(), values.begin(), [](std::int32_t value) { return static_cast<float>(value); });
    return;
  }
  reorder(desc, const_cast<void*>(from), plain(desc.shape, Type::f32), values.data());  // reads it only
}

/// A hundred million logarithms and cosines are worth sharing.
void OneDnnLayers::fill(const TensorDesc& desc, void* to, const Random& random, double mean, double deviation) {
  const std::int64_t count = elements(desc.shape);
  const bool in_place = same(desc, plain(desc.shape, Type::f32));
  onednn::HostMemory apart(in_place ? 0 : sizeof(float) * static_cast<std::size_t>(count));
  auto* const values = static_cast<float*>(in_place ? to : apart.data());
  if (deviation > 0)
    GPUBENCH_HOST_RUN(normal, count, random, mean, deviation, values);
  else
    std::fill_n(values, count, static_cast<float>(mean));
  if (!in_place) upload(std::span(values, static_cast<std::size_t>(count)), desc, to);
}

double OneDnnLayers::scalar(const TensorDesc& desc, const void* from) {
  float value = 0;
  download(desc, from, {&value, 1});
  return value;
}

/// In pieces that threads share: the first touch is what costs, and it settles near which cores the pages lie.
void OneDnnLayers::clear(void* to, std::size_t bytes) {
  constexpr std::size_t piece = std::size_t{8} << 20;
#pragma omp parallel for schedule(static)
  for (std::size_t at = 0; at < bytes; at += piece)
    std::memset(static_cast<std::byte*>(to) + at, 0, std::min(piece, bytes - at));
}

void OneDnnLayers::wait() { setting_.stream.wait(); }

}  // namespace gpubench::training
