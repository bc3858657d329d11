#pragma once

#include "harness/devices/cuda/ptx/language.cuh"

#ifndef __CUDACC__
#include <cstring>

#include "harness/devices/cuda/emulator/global_memory.hpp"
#endif

namespace gpubench::ptx {

/// Elements that are loaded and stored by one instruction, of 16 bytes where nothing else is said.
template <class T, int bytes = 16>
struct alignas(bytes) Vector {
  static_assert(bytes == 8 || bytes == 16);
  static constexpr int size = bytes / sizeof(T);
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

#ifdef __CUDACC__
// One access, whatever the compiler thinks of the elements: it takes structs apart, and merges their stores with those
// of a branch that writes elements one by one.
#define GPUBENCH_LOAD(instruction)                                                                           \
  if constexpr (bytes == 16) {                                                                               \
    uint4 bits;                                                                                              \
    asm volatile(instruction ".v4.u32 {%0, %1, %2, %3}, [%4];"                                               \
                 : "=r"(bits.x), "=r"(bits.y), "=r"(bits.z), "=r"(bits.w)                                    \
                 : "l"(from)                                                                                 \
                 : "memory");                                                                                \
    return *reinterpret_cast<Vector<T, bytes>*>(&bits);                                                      \
  } else {                                                                                                   \
    uint2 bits;                                                                                              \
    asm volatile(instruction ".v2.u32 {%0, %1}, [%2];" : "=r"(bits.x), "=r"(bits.y) : "l"(from) : "memory"); \
    return *reinterpret_cast<Vector<T, bytes>*>(&bits);                                                      \
  }
#define GPUBENCH_STORE(instruction)                                                                                 \
  if constexpr (bytes == 16) {                                                                                      \
    const uint4 bits = *reinterpret_cast<const uint4*>(&value);                                                     \
    asm volatile(                                                                                                   \
        instruction ".v4.u32 [%0], {%1, %2, %3, %4};" ::"l"(to), "r"(bits.x), "r"(bits.y), "r"(bits.z), "r"(bits.w) \
        : "memory");                                                                                                \
  } else {                                                                                                          \
    const uint2 bits = *reinterpret_cast<const uint2*>(&value);                                                     \
    asm volatile(instruction ".v2.u32 [%0], {%1, %2};" ::"l"(to), "r"(bits.x), "r"(bits.y) : "memory");             \
  }
#else
#define GPUBENCH_LOAD(instruction)                      \
  check_global(instruction, where, from, bytes);        \
  Vector<T, bytes> value;                               \
  std::memcpy(static_cast<void*>(&value), from, bytes); \
  return value;
#define GPUBENCH_STORE(instruction)            \
  check_global(instruction, where, to, bytes); \
  std::memcpy(static_cast<void*>(to), &value, bytes);
#endif

/// 16 or 8 bytes that nobody writes while the kernel runs, and that it reads once: they are not kept in L1.
template <int bytes = 16, class T>
__device__ __forceinline__ Vector<T, bytes> ld_streaming(const T* from, [[maybe_unused]] Where where = Where::here()) {
  GPUBENCH_LOAD("ld.global.nc.L1::no_allocate")
}

/// 16 or 8 bytes.
template <int bytes = 16, class T>
__device__ __forceinline__ Vector<T, bytes> ld_vector(const T* from, [[maybe_unused]] Where where = Where::here()) {
  GPUBENCH_LOAD("ld.global")
}

/// 16 or 8 bytes.
template <int bytes, class T>
__device__ __forceinline__ void st_vector(T* to,
                                          const Vector<T, bytes>& value,
                                          [[maybe_unused]] Where where = Where::here()) {
  GPUBENCH_STORE("st.global")
}

/// 16 or 8 bytes that are not read again soon: they are the first to leave the caches.
template <int bytes, class T>
__device__ __forceinline__ void st_streaming(T* to,
                                             const Vector<T, bytes>& value,
                                             [[maybe_unused]] Where where = Where::here()) {
  GPUBENCH_STORE("st.global.cs")
}

#undef GPUBENCH_LOAD
#undef GPUBENCH_STORE

}  // namespace gpubench::ptx
