#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

#ifndef __CUDACC__
#include <cstring>

#include "harness/devices/cuda/emulator/global_memory.hpp"
#endif

namespace gpubench::ptx {

/// Elements that are loaded and stored by one instruction of 16 bytes.
template <class T>
struct alignas(16) Vector {
  static constexpr int size = 16 / sizeof(T);
  T at[size];
};

#ifndef __CUDACC__
/// What a GPU checks of an access, and that it is to a buffer.
inline void check_global(const char* instruction, const Where& where, const void* pointer, std::size_t bytes) {
  emulator::maybe_yield();
  if (reinterpret_cast<std::uintptr_t>(pointer) % bytes != 0)
    emulator::fail(
        instruction, where, "misaligned: " + std::to_string(bytes) + " bytes at " + emulator::place_of(pointer));
  if (const auto reason = emulator::why_not_accessible(pointer, bytes)) emulator::fail(instruction, where, *reason);
}
#endif

/// 16 bytes that nobody writes while the kernel runs, and that it reads once: they are not kept in L1.
template <class T>
__device__ __forceinline__ Vector<T> ld_streaming(const T* from, [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  uint4 bits;
  asm volatile("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
               : "=r"(bits.x), "=r"(bits.y), "=r"(bits.z), "=r"(bits.w)
               : "l"(from));
  return *reinterpret_cast<Vector<T>*>(&bits);
#else
  check_global("ld.global.nc.v4", where, from, 16);
  Vector<T> value;
  std::memcpy(&value, from, 16);
  return value;
#endif
}

/// 16 bytes.
template <class T>
__device__ __forceinline__ Vector<T> ld_vector(const T* from, [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  return *reinterpret_cast<const Vector<T>*>(from);
#else
  check_global("ld.global.v4", where, from, 16);
  Vector<T> value;
  std::memcpy(&value, from, 16);
  return value;
#endif
}

/// 16 bytes.
template <class T>
__device__ __forceinline__ void st_vector(T* to, const Vector<T>& value, [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  *reinterpret_cast<Vector<T>*>(to) = value;
#else
  check_global("st.global.v4", where, to, 16);
  std::memcpy(to, &value, 16);
#endif
}

/// 16 bytes that are not read again soon: they are the first to leave the caches.
template <class T>
__device__ __forceinline__ void st_streaming(T* to,
                                             const Vector<T>& value,
                                             [[maybe_unused]] Where where = Where::here()) {
#ifdef __CUDACC__
  const uint4 bits = *reinterpret_cast<const uint4*>(&value);
  asm volatile(
      "st.global.cs.v4.u32 [%0], {%1, %2, %3, %4};" ::"l"(to), "r"(bits.x), "r"(bits.y), "r"(bits.z), "r"(bits.w)
      : "memory");
#else
  check_global("st.global.cs.v4", where, to, 16);
  std::memcpy(to, &value, 16);
#endif
}

}  // namespace gpubench::ptx
