#pragma once

#include <string>

#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/harness/devices/cuda/numbers.hpp"
#include "tests/harness/devices/cuda/pipelines.cuh"

namespace gpubench::device_tests {

/// Operands and what comes out; says which element is wrong, nothing where all are right.
template <class Run>
std::string product_of(const Device& device, int m, int n, int depth, const Run& run) {
  using T = __nv_bfloat16;
  const auto count = [](int rows, int columns) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  };
  const std::vector<T> a = random_numbers<T>(count(m, depth), 7), b = random_numbers<T>(count(n, depth), 8);
  const auto from_a = device.input("a", a), from_b = device.input("b", b);
  const auto to = device.output<float>("c", count(m, n));
  run(from_a.data(), from_b.data(), to.data());
  const std::vector<float> got = to.read();
  for (int row = 0; row < m; ++row)
    for (int column = 0; column < n; ++column) {
      const Sum sum = dot(&a[count(row, depth)], &b[count(column, depth)], static_cast<std::size_t>(depth));
      const float element = got[count(row, n) + static_cast<std::size_t>(column)];
      if (!(std::abs(double{element} - sum.value) <= sum.bound))
        return "element (" + std::to_string(row) + ',' + std::to_string(column) + ") is " + std::to_string(element) +
               " and should be " + std::to_string(sum.value);
    }
  return "";
}

/// 128 x 128 by a ring of cp.async.
template <Bug bug>
std::string ring_gemm(const Device& device) {
  constexpr int m = 128, n = 128, depth = 7 * RingGemm::k;
  return product_of(device, m, n, depth, [&](const __nv_bfloat16* a, const __nv_bfloat16* b, float* c) {
    cuda::launch<ring_gemm_kernel<bug>>(device.stream(),
                                        {.grid = {2, 2}, .block = RingGemm::threads, .shared_bytes = sizeof(RingGemm)},
                                        a,
                                        b,
                                        c,
                                        n,
                                        depth);
  });
}

/// 256 x 192 by warp specialisation: six tiles in two blocks.
template <Bug bug>
std::string specialised_gemm(const Device& device) {
  using S = SpecialisedGemm;
  constexpr int m = 256, n = 192, depth = 4 * S::k;
  return product_of(device, m, n, depth, [&](const __nv_bfloat16* a, const __nv_bfloat16* b, float* c) {
    const auto operand = [&](const void* base, int rows, std::uint32_t tile_rows) {
      return cuda::tensor_map({.type = CU_TENSOR_MAP_DATA_TYPE_BFLOAT16,
                               .rank = 2,
                               .base = base,
                               .sizes = {depth, static_cast<std::uint64_t>(rows)},
                               .strides = {depth * 2},
                               .tile = {S::k, tile_rows},
                               .swizzle = cuda::Swizzle::bytes128});
    };
    const CUtensorMap result = cuda::tensor_map({.type = CU_TENSOR_MAP_DATA_TYPE_FLOAT32,
                                                 .rank = 2,
                                                 .base = c,
                                                 .sizes = {n, m},
                                                 .strides = {n * 4},
                                                 .tile = {S::n, 64}});
    cuda::launch<specialised_gemm_kernel<bug>>(device.stream(),
                                               {.grid = 2, .block = S::threads, .shared_bytes = sizeof(S)},
                                               operand(a, m, S::m),
                                               operand(b, n, S::n),
                                               result,
                                               m,
                                               n,
                                               depth);
  });
}

}  // namespace gpubench::device_tests
