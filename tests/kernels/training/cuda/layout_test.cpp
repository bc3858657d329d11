#include "kernels/training/cuda/layout.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

namespace gpubench::training {
namespace {

std::vector<float> counted(std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  std::iota(values.begin(), values.end(), 1.0F);
  return values;
}

std::vector<float> through(const TensorDesc& desc, const std::vector<float>& values) {
  std::vector<float> back(values.size());
  unpack(desc, packed(values, desc), back);
  return back;
}

std::vector<float> floats(const std::vector<std::byte>& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

TEST(CudaLayout, ChannelsOfAPixelLieSideBySide) {
  const TensorDesc desc = channels_last({1, 2, 1, 3}, Type::f32);
  EXPECT_EQ(desc.bytes, 24U);
  EXPECT_EQ(floats(packed(counted(6), desc)), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(CudaLayout, RoomBesideATensorIsZeroAndNotRead) {
  const TensorDesc desc = channels_last({1, 2, 1, 2}, Type::f32, {2, 3, 1, 2});
  EXPECT_EQ(desc.bytes, 48U);
  auto bytes = packed(counted(4), desc);
  EXPECT_EQ(floats(bytes), (std::vector<float>{1, 3, 0, 2, 4, 0, 0, 0, 0, 0, 0, 0}));
  const float other = 77;
  std::memcpy(bytes.data() + 2 * sizeof(float), &other, sizeof(float));
  std::vector<float> back(4);
  unpack(desc, bytes, back);
  EXPECT_EQ(back, counted(4));
}

TEST(CudaLayout, NumbersComeBackFromEveryType) {
  for (const Type type : {Type::f32, Type::bf16, Type::f16, Type::i32})
    for (const TensorDesc& desc : {channels_last({2, 3, 4, 5}, type), row_major({2, 3, 4, 5}, type)})
      EXPECT_EQ(through(desc, counted(120)), counted(120)) << name(type);  // exact below 2^8
}

TEST(CudaLayout, RoundsToNearestEvenAndKeepsNaN) {
  const TensorDesc desc = row_major({3}, Type::bf16);
  const auto back = through(desc, {1 + 0x1p-8F, 1 + 3 * 0x1p-8F, std::numeric_limits<float>::quiet_NaN()});
  EXPECT_EQ(back[0], 1);
  EXPECT_EQ(back[1], 1 + 0x1p-6F);
  EXPECT_TRUE(std::isnan(back[2]));
}

TEST(CudaLayout, IsTheSameOnlyWithTheSameStrides) {
  EXPECT_TRUE(same(channels_last({1, 2, 3, 4}, Type::f32), channels_last({1, 2, 3, 4}, Type::f32)));
  EXPECT_FALSE(same(channels_last({1, 2, 3, 4}, Type::f32), row_major({1, 2, 3, 4}, Type::f32)));
  EXPECT_FALSE(same(channels_last({1, 2, 3, 4}, Type::f32), channels_last({1, 2, 3, 4}, Type::f32, {1, 8, 3, 4})));
}

}  // namespace
}  // namespace gpubench::training
