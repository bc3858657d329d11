#include <cstring>

#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/barrier.cuh"
#include "harness/devices/cuda/ptx/matrix.cuh"
#include "harness/devices/cuda/ptx/mma.cuh"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/harness/devices/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

// Four matrices of 8 rows of 8 elements; element (row, column) of matrix m is 100 m + 10 row + column.
struct Matrices {
  alignas(16) std::uint16_t at[4][8][8];
};
std::vector<std::uint16_t> four_matrices() {
  std::vector<std::uint16_t> values;
  for (int m = 0; m < 4; ++m)
    for (int row = 0; row < 8; ++row)
      for (int column = 0; column < 8; ++column)
        values.push_back(static_cast<std::uint16_t>(100 * m + 10 * row + column));
  return values;
}

template <ptx::Order order, unsigned matrices>
__global__ void load_kernel(const std::uint16_t* from, std::uint32_t* to) {
  auto& shared = ptx::shared_memory<Matrices>();
  const unsigned lane = threadIdx.x;
  for (unsigned i = lane; i < 256; i += 32) shared.at[i / 64][i / 8 % 8][i % 8] = from[i];
  ptx::bar_sync();
  std::uint32_t registers[matrices];
  ptx::ldmatrix<order>(registers, ptx::shared_address(shared.at[lane / 8 % matrices][lane % 8]));
  for (unsigned m = 0; m < matrices; ++m) to[m * 32 + lane] = registers[m];
}

template <ptx::Order order, unsigned matrices>
void check_load() {
  on_every_schedule([](const Device& device) {
    const auto from = device.input("from", four_matrices());
    const auto to = device.output<std::uint32_t>("to", matrices * 32);
    cuda::launch<load_kernel<order, matrices>>(
        device.stream(), {.block = 32, .shared_bytes = sizeof(Matrices)}, from.data(), to.data());
    const std::vector<std::uint32_t> got = to.read();
    for (unsigned m = 0; m < matrices; ++m)
      for (unsigned lane = 0; lane < 32; ++lane) {
        const unsigned across = lane / 4, along = lane % 4 * 2;
        const unsigned low = order == ptx::Order::rows ? 10 * across + along : 10 * along + across;
        const unsigned high = order == ptx::Order::rows ? low + 1 : low + 10;
        EXPECT_EQ(got[m * 32 + lane], (100 * m + low) | (100 * m + high) << 16) << "matrix " << m << " lane " << lane;
      }
  });
}

DEVICE_TEST(Matrix, LoadsOneTwoOrFour) {
  check_load<ptx::Order::rows, 1>();
  check_load<ptx::Order::rows, 2>();
  check_load<ptx::Order::rows, 4>();
}
DEVICE_TEST(Matrix, LoadsTransposed) {
  check_load<ptx::Order::columns, 1>();
  check_load<ptx::Order::columns, 2>();
  check_load<ptx::Order::columns, 4>();
}

template <ptx::Order order>
__global__ void store_kernel(std::uint16_t* to) {
  auto& shared = ptx::shared_memory<Matrices>();
  const unsigned lane = threadIdx.x, across = lane / 4, along = lane % 4 * 2;
  std::uint32_t registers[4];
  for (unsigned m = 0; m < 4; ++m) {
    const unsigned low = order == ptx::Order::rows ? 10 * across + along : 10 * along + across;
    const unsigned high = order == ptx::Order::rows ? low + 1 : low + 10;
    registers[m] = (100 * m + low) | (100 * m + high) << 16;
  }
  ptx::stmatrix<order>(registers, ptx::shared_address(shared.at[lane / 8][lane % 8]));
  ptx::bar_sync();
  for (unsigned i = lane; i < 256; i += 32) to[i] = shared.at[i / 64][i / 8 % 8][i % 8];
}

DEVICE_TEST(Matrix, StoresWhatItLoads) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) {
    const auto rows = device.output<std::uint16_t>("rows", 256);
    const auto columns = device.output<std::uint16_t>("columns", 256);
    const cuda::Geometry geometry = {.block = 32, .shared_bytes = sizeof(Matrices)};
    cuda::launch<store_kernel<ptx::Order::rows>>(device.stream(), geometry, rows.data());
    cuda::launch<store_kernel<ptx::Order::columns>>(device.stream(), geometry, columns.data());
    EXPECT_EQ(rows.read(), four_matrices());
    EXPECT_EQ(columns.read(), four_matrices());
  });
}

// One product of 16 x K and K x 8; a is row-major, b column-major, K is 32 bytes.
template <class T>
__global__ void mma_kernel(const std::uint32_t* a, const std::uint32_t* b, const ptx::SumOf<T>* c, ptx::SumOf<T>* to) {
  const unsigned lane = threadIdx.x, group = lane / 4, member = lane % 4;
  const std::uint32_t from_a[4] = {
      a[group * 8 + member], a[(group + 8) * 8 + member], a[group * 8 + 4 + member], a[(group + 8) * 8 + 4 + member]};
  const std::uint32_t from_b[2] = {b[group * 8 + member], b[group * 8 + 4 + member]};
  ptx::SumOf<T> d[4];
  for (unsigned i = 0; i < 4; ++i) d[i] = c[(group + i / 2 * 8) * 8 + member * 2 + i % 2];
  ptx::mma<T>(d, from_a, from_b);
  for (unsigned i = 0; i < 4; ++i) to[(group + i / 2 * 8) * 8 + member * 2 + i % 2] = d[i];
}

template <class T>
void check_mma() {
  on_every_schedule([](const Device& device) {
    constexpr unsigned depth = 32 / sizeof(T);
    const std::vector<T> a = random_numbers<T>(std::size_t{16} * depth, 1),
                         b = random_numbers<T>(std::size_t{8} * depth, 2);
    std::vector<ptx::SumOf<T>> c(16 * 8);
    for (std::size_t i = 0; i < c.size(); ++i) c[i] = static_cast<ptx::SumOf<T>>(static_cast<int>(i) - 60);
    const auto from_a = device.input("a", words(a)), from_b = device.input("b", words(b));
    const auto from_c = device.input("c", c);
    const auto to = device.output<ptx::SumOf<T>>("d", 16 * 8);
    cuda::launch<mma_kernel<T>>(device.stream(), {.block = 32}, from_a.data(), from_b.data(), from_c.data(), to.data());
    const auto got = to.read();
    for (unsigned row = 0; row < 16; ++row)
      for (unsigned column = 0; column < 8; ++column) {
        const auto start = static_cast<double>(c[row * 8 + column]);
        const Sum sum = dot(&a[row * depth], &b[column * depth], depth, start);
        EXPECT_LE(std::abs(static_cast<double>(got[row * 8 + column]) - sum.value), sum.bound) << row << ' ' << column;
      }
  });
}

DEVICE_TEST(Mma, Bf16) { check_mma<__nv_bfloat16>(); }
DEVICE_TEST(Mma, Fp16) { check_mma<__half>(); }
DEVICE_TEST(Mma, Tf32) { check_mma<ptx::Tf32>(); }
DEVICE_TEST(Mma, Int8) { check_mma<std::int8_t>(); }
DEVICE_TEST(Mma, Fp8) {
  NEEDS_COMPUTE_CAPABILITY(89);
  check_mma<__nv_fp8_e4m3>();
  check_mma<__nv_fp8_e5m2>();
}

}  // namespace
}  // namespace gpubench::device_tests
