#pragma once

#include "harness/devices/cuda/ptx/shared.cuh"

#ifndef __CUDACC__
#include "harness/devices/cuda/emulator/warp_matrix.hpp"
#endif

namespace gpubench::ptx {

// Matrices of 8x8 elements of 16 bits between shared memory and the registers of a warp, one register of each lane a
// matrix. Lane 8 m + r gives the address of row r of matrix m, a multiple of 16. Lane l has the elements 2 (l % 4) and
// the next of row l / 4; transposed, of column l / 4.

enum class Order { rows, columns };

/// ldmatrix.x1, .x2, .x4
template <Order order = Order::rows, unsigned matrices>
__device__ __forceinline__ void ldmatrix(std::uint32_t (&to)[matrices],
                                         std::uint32_t row,
                                         [[maybe_unused]] Where where = Where::here()) {
  static_assert(matrices == 1 || matrices == 2 || matrices == 4);
#ifdef __CUDACC__
  if constexpr (order == Order::rows && matrices == 1)
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];" : "=r"(to[0]) : "r"(row) : "memory");
  else if constexpr (order == Order::columns && matrices == 1)
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.trans.shared.b16 {%0}, [%1];" : "=r"(to[0]) : "r"(row) : "memory");
  else if constexpr (order == Order::rows && matrices == 2)
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%0, %1}, [%2];"
                 : "=r"(to[0]), "=r"(to[1])
                 : "r"(row)
                 : "memory");
  else if constexpr (order == Order::columns && matrices == 2)
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0, %1}, [%2];"
                 : "=r"(to[0]), "=r"(to[1])
                 : "r"(row)
                 : "memory");
  else if constexpr (order == Order::rows)
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(row)
                 : "memory");
  else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(row)
                 : "memory");
#else
  emulator::load_matrices(where, to, row, order == Order::columns);
#endif
}

/// stmatrix.x4, from compute capability 9.0
template <Order order = Order::rows>
__device__ __forceinline__ void stmatrix(const std::uint32_t (&from)[4],
                                         std::uint32_t row,
                                         [[maybe_unused]] Where where = Where::here()) {
#if defined(GPUBENCH_SM90)
  if constexpr (order == Order::rows)
    asm volatile("stmatrix.sync.aligned.m8n8.x4.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(row),
                 "r"(from[0]),
                 "r"(from[1]),
                 "r"(from[2]),
                 "r"(from[3])
                 : "memory");
  else
    asm volatile("stmatrix.sync.aligned.m8n8.x4.trans.shared.b16 [%0], {%1, %2, %3, %4};" ::"r"(row),
                 "r"(from[0]),
                 "r"(from[1]),
                 "r"(from[2]),
                 "r"(from[3])
                 : "memory");
#elif defined(__CUDACC__)
  __trap();
#else
  emulator::store_matrices(where, from, row, order == Order::columns);
#endif
}

}  // namespace gpubench::ptx
