#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/mbarrier.cuh"
#include "harness/devices/cuda/ptx/wgmma.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/harness/devices/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

// Matrices are laid out in shared memory by the threads, as the PTX ISA's figures of canonical layouts have it, so that
// nothing of the test comes from the bulk copies.

/// Where element (row, k) lies when K is contiguous: rows of as many bytes as the swizzle is wide.
template <cuda::Swizzle swizzle>
__device__ unsigned place_k_major(unsigned row, unsigned byte) {
  if constexpr (swizzle == cuda::Swizzle::none)  // core matrices of 8 rows of 16 bytes, one after the other
    return row / 8 * 256 + byte / 16 * 128 + row % 8 * 16 + byte % 16;
  constexpr unsigned width = static_cast<unsigned>(swizzle), parts = width / 16;
  const unsigned line = (row * width + byte) / 128;  // lines of 128 bytes name the pattern
  return row * width + ((byte / 16) ^ (line % 8 & (parts - 1))) * 16 + byte % 16;
}

template <class T, unsigned N, cuda::Swizzle swizzle>
struct Operands {
  static constexpr unsigned width = swizzle == cuda::Swizzle::none ? 32 : static_cast<unsigned>(swizzle);
  alignas(1024) unsigned char a[64 * width];
  alignas(1024) unsigned char b[N * width];
};

// d = c + a b + a b: the products add to what the threads have put there. a is 64 x depth, b N x depth; K is one row of
// the swizzle wide.
template <class T, unsigned N, cuda::Swizzle swizzle>
__global__ __launch_bounds__(128) void product_kernel(const T* a, const T* b, const float* c, float* to) {
  using Shared = Operands<T, N, swizzle>;
  auto& shared = ptx::shared_memory<Shared>();
  constexpr unsigned depth = Shared::width / sizeof(T);
  const unsigned thread = threadIdx.x;
  for (unsigned i = thread; i < 64 * depth; i += 128)
    *reinterpret_cast<T*>(shared.a + place_k_major<swizzle>(i / depth, i % depth * sizeof(T))) = a[i];
  for (unsigned i = thread; i < N * depth; i += 128)
    *reinterpret_cast<T*>(shared.b + place_k_major<swizzle>(i / depth, i % depth * sizeof(T))) = b[i];
  ptx::fence_proxy_async();
  ptx::bar_sync();
  constexpr unsigned group = swizzle == cuda::Swizzle::none ? 256 : 8 * Shared::width;
  const std::uint64_t from_a = ptx::matrix_descriptor(ptx::shared_address(shared.a), 128, group, swizzle);
  const std::uint64_t from_b = ptx::matrix_descriptor(ptx::shared_address(shared.b), 128, group, swizzle);
  const unsigned row = thread / 32 * 16 + thread % 32 / 4, column = thread % 4 * 2;
  float d[N / 2];
#pragma unroll
  for (unsigned i = 0; i < N / 2; ++i) d[i] = c[(row + i / 2 % 2 * 8) * N + column + i / 4 * 8 + i % 2];
  ptx::wgmma_fence(d);
#pragma unroll
  for (unsigned turn = 0; turn < 2; ++turn)
#pragma unroll
    for (unsigned step = 0; step < Shared::width / 32; ++step)
      ptx::wgmma<T, N>(d, from_a + step * 2, from_b + step * 2, true);
  ptx::wgmma_commit();
  ptx::wgmma_wait<0>(d);
#pragma unroll
  for (unsigned i = 0; i < N / 2; ++i) to[(row + i / 2 % 2 * 8) * N + column + i / 4 * 8 + i % 2] = d[i];
}

template <class T, unsigned N, cuda::Swizzle swizzle>
void check_product() {
  using Shared = Operands<T, N, swizzle>;
  on_every_schedule([](const Device& device) {
    constexpr unsigned depth = Shared::width / sizeof(T);
    const std::vector<T> a = random_numbers<T>(std::size_t{64} * depth, 3),
                         b = random_numbers<T>(std::size_t{N} * depth, 4);
    const auto from_a = device.input("a", a), from_b = device.input("b", b);
    std::vector<float> c(std::size_t{64} * N);
    for (std::size_t i = 0; i < c.size(); ++i) c[i] = static_cast<float>(i % 17) - 8;
    const auto from_c = device.input("c", c);
    const auto to = device.output<float>("d", 64 * N);
    cuda::launch<product_kernel<T, N, swizzle>>(device.stream(),
                                                {.block = 128, .shared_bytes = sizeof(Shared)},
                                                from_a.data(),
                                                from_b.data(),
                                                from_c.data(),
                                                to.data());
    const std::vector<float> got = to.read();
    for (unsigned row = 0; row < 64; ++row)
      for (unsigned column = 0; column < N; ++column) {
        const Sum sum = dot(&a[row * depth], &b[column * depth], depth);
        const double start = double{c[row * N + column]};
        ASSERT_LE(std::abs(double{got[row * N + column]} - start - 2 * sum.value),
                  2 * sum.bound + 1e-5 * std::abs(start))
            << row << ' ' << column;
      }
  });
}

DEVICE_TEST(Wgmma, EveryFormat) {
  NEEDS_COMPUTE_CAPABILITY(90);
  check_product<__nv_bfloat16, 16, cuda::Swizzle::bytes128>();
  check_product<__half, 32, cuda::Swizzle::bytes128>();
  check_product<ptx::Tf32, 64, cuda::Swizzle::bytes128>();
  check_product<__nv_fp8_e4m3, 8, cuda::Swizzle::bytes128>();
  check_product<__nv_fp8_e5m2, 16, cuda::Swizzle::bytes128>();
}

DEVICE_TEST(Wgmma, EverySwizzle) {
  NEEDS_COMPUTE_CAPABILITY(90);
  check_product<__nv_bfloat16, 16, cuda::Swizzle::none>();
  check_product<__nv_bfloat16, 16, cuda::Swizzle::bytes32>();
  check_product<__nv_bfloat16, 16, cuda::Swizzle::bytes64>();
  check_product<__nv_fp8_e4m3, 16, cuda::Swizzle::bytes64>();
}

DEVICE_TEST(Wgmma, EveryWidth) {
  NEEDS_COMPUTE_CAPABILITY(90);
  check_product<__half, 8, cuda::Swizzle::bytes32>();
  check_product<__half, 96, cuda::Swizzle::bytes32>();
  check_product<__half, 128, cuda::Swizzle::bytes32>();
  check_product<__half, 192, cuda::Swizzle::bytes32>();
  check_product<__half, 256, cuda::Swizzle::bytes32>();
}

// The other dimension contiguous: a is depth x 64, b depth x N in memory; both 64 wide, in rows of 128 swizzled bytes.
template <class T>
struct Transposed {
  static constexpr unsigned depth = 16, columns = 128;
  alignas(1024) T a[depth * 64];
  alignas(1024) T b[depth * columns];  // two tiles of 64 columns, one behind the other
};

template <class T>
__global__ __launch_bounds__(128) void transposed_kernel(const T* a, const T* b, float* to) {
  using Shared = Transposed<T>;
  auto& shared = ptx::shared_memory<Shared>();
  constexpr unsigned depth = Shared::depth, N = Shared::columns;
  const unsigned thread = threadIdx.x;
  const auto place = [](unsigned k, unsigned column) {
    return column / 64 * depth * 64 + k * 64 + ((column % 64 / 8) ^ (k % 8)) * 8 + column % 8;
  };
  for (unsigned i = thread; i < depth * 64; i += 128) shared.a[place(i / 64, i % 64)] = a[i];
  for (unsigned i = thread; i < depth * N; i += 128) shared.b[place(i / N, i % N)] = b[i];
  ptx::fence_proxy_async();
  ptx::bar_sync();
  // `stride` is to the next eight of K, `leading` to the next 64 of the other dimension.
  const std::uint64_t from_a =
      ptx::matrix_descriptor(ptx::shared_address(shared.a), depth * 128, 1024, cuda::Swizzle::bytes128);
  const std::uint64_t from_b =
      ptx::matrix_descriptor(ptx::shared_address(shared.b), depth * 128, 1024, cuda::Swizzle::bytes128);
  float d[N / 2];
  ptx::wgmma_fence(d);
  ptx::wgmma<T, N, ptx::Major::other, ptx::Major::other>(d, from_a, from_b, false);
  ptx::wgmma_commit();
  ptx::wgmma_wait<0>(d);
  const unsigned row = thread / 32 * 16 + thread % 32 / 4, column = thread % 4 * 2;
#pragma unroll
  for (unsigned i = 0; i < N / 2; ++i) to[(row + i / 2 % 2 * 8) * N + column + i / 4 * 8 + i % 2] = d[i];
}

DEVICE_TEST(Wgmma, TransposedOperands) {
  NEEDS_COMPUTE_CAPABILITY(90);
  using T = __nv_bfloat16;
  on_every_schedule([](const Device& device) {
    constexpr unsigned depth = Transposed<T>::depth, N = Transposed<T>::columns;
    const std::vector<T> a = random_numbers<T>(std::size_t{64} * depth, 5),
                         b = random_numbers<T>(std::size_t{N} * depth, 6);
    const auto from_a = device.input("a", a), from_b = device.input("b", b);
    const auto to = device.output<float>("d", 64 * N);
    cuda::launch<transposed_kernel<T>>(device.stream(),
                                       {.block = 128, .shared_bytes = sizeof(Transposed<T>)},
                                       from_a.data(),
                                       from_b.data(),
                                       to.data());
    const std::vector<float> got = to.read();
    for (unsigned row = 0; row < 64; ++row)
      for (unsigned column = 0; column < N; ++column) {
        const Sum sum = dot(&a[row], &b[column], depth, 0, 64, N);
        ASSERT_LE(std::abs(double{got[row * N + column]} - sum.value), sum.bound) << row << ' ' << column;
      }
  });
}

}  // namespace
}  // namespace gpubench::device_tests
