#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <type_traits>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/ptx/global.cuh"
#include "kernels/training/tensor.hpp"

// From a training::Type to the type that a kernel is a template on, and from its elements to the FP32 that it computes
// in.

namespace gpubench::cuda {

/// `with_type(type, [&]<class T>(T*) { launch<kernel<T>>(…); })`: T is what `type` is stored as.
/// @throws Error where that is no floating-point number
template <class Body>
void with_type(training::Type type, const Body& body) {
  switch (type) {
    case training::Type::f32: return body(static_cast<float*>(nullptr));
    case training::Type::bf16: return body(static_cast<__nv_bfloat16*>(nullptr));
    case training::Type::f16: return body(static_cast<__half*>(nullptr));
    default: throw Error("there is no arithmetic in " + std::string(name(type)));
  }
}

/// Whether all begin at a multiple of `bytes`; null does.
inline bool all_aligned(std::initializer_list<const void*> pointers, std::uintptr_t bytes) {
  for (const void* pointer : pointers)
    if (reinterpret_cast<std::uintptr_t>(pointer) % bytes != 0) return false;
  return true;
}

__device__ __forceinline__ float to_float(float value) { return value; }
__device__ __forceinline__ float to_float(__nv_bfloat16 value) { return __bfloat162float(value); }
__device__ __forceinline__ float to_float(__half value) { return __half2float(value); }

/// To nearest, ties to even; too large becomes infinity, NaN stays NaN.
template <class T>
__device__ __forceinline__ T from_float(float value) {
  if constexpr (std::is_same_v<T, float>)
    return value;
  else if constexpr (std::is_same_v<T, __half>)
    return __float2half_rn(value);
  else
    return __float2bfloat16_rn(value);
}

// One vector of a row, or of an array, that may end within it: `there` elements from the pointer on. `aligned`: vectors
// of the row begin where one instruction can access them; where they do not, or the row ends, elements go one by one.
// What is loaded stays in the row's type, so that a thread can have several loads under way before it waits for one.

/// `streaming`: nobody writes the array while the kernel runs, and this is the only time that it is read. `plain`: the
/// kernel writes it too, or reads it again and finds it in L1.
enum class Access { streaming, plain };

/// Behind the array's end there are zeros.
template <int bytes = 16, Access access = Access::streaming, class T>
__device__ __forceinline__ ptx::Vector<T, bytes> load_part(const T* from, std::int64_t there, bool aligned) {
  constexpr int size = ptx::Vector<T, bytes>::size;
  if (aligned && there >= size) {
    if constexpr (access == Access::streaming)
      return ptx::ld_streaming<bytes>(from);
    else
      return ptx::ld_vector<bytes>(from);
  }
  ptx::Vector<T, bytes> part;
#pragma unroll
  for (int i = 0; i < size; ++i) part.at[i] = i < there ? from[i] : T{};
  return part;
}

template <int bytes, class T>
__device__ __forceinline__ void store_part(T* to, const ptx::Vector<T, bytes>& part, std::int64_t there, bool aligned) {
  constexpr int size = ptx::Vector<T, bytes>::size;
  if (aligned && there >= size) return ptx::st_vector(to, part);
#pragma unroll
  for (int i = 0; i < size; ++i)
    if (i < there) to[i] = part.at[i];
}

}  // namespace gpubench::cuda
