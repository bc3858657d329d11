#include "kernels/training/parity.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "kernels/training/engine.hpp"
#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"
#include "tests/kernels/training/faulty_layers.hpp"

namespace gpubench::training {
namespace {

/// For a network of a few layers: emulated bf16 was seen at a cosine of 0.9997 and a scale of 0.02.
constexpr ParityLimits limits{.gradient_cosine = 0.99};

FirstStep first_step(const Network& network, Layers& layers) {
  Engine engine(network, layers);
  engine.allocate();
  engine.stage(1);
  engine.enqueue(1);
  return engine.first_step();
}

TEST(Parity, CosineIsThatOfTheAngle) {
  EXPECT_DOUBLE_EQ(cosine(std::vector<float>{1, 0}, std::vector<float>{2, 0}), 1);
  EXPECT_DOUBLE_EQ(cosine(std::vector<float>{1, 0}, std::vector<float>{0, 2}), 0);
  EXPECT_NEAR(cosine(std::vector<float>{1, 1}, std::vector<float>{1, 0}), std::sqrt(0.5), 1e-12);
}

TEST(Parity, TheWorstParameterIsFoundAmongGoodOnes) {
  const FirstStep reference{.loss = 1, .gradient = {1, 2, 3, 4}, .sizes = {2, 2}};
  const FirstStep got{.loss = 1, .gradient = {1, 2, 2.7F, 3.6F}, .sizes = {2, 2}};
  EXPECT_NEAR(worst_scale(got, reference), 0.1, 1e-6);
}

TEST(Parity, AnythingThatIsNotANumberIsAMismatch) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const FirstStep good{.loss = 1, .gradient = {1, 2}, .sizes = {2}};
  EXPECT_FALSE(parity(good, good, limits).mismatch);
  EXPECT_TRUE(parity({.loss = std::nan(""), .gradient = {1, 2}, .sizes = {2}}, good, limits).mismatch);
  EXPECT_TRUE(parity({.loss = 1, .gradient = {1, nan}, .sizes = {2}}, good, limits).mismatch);
  EXPECT_TRUE(parity({.loss = 1, .gradient = {0, 0}, .sizes = {2}}, good, limits).mismatch);
}

TEST(Parity, LossGradientDirectionAndLengthEachHaveALimit) {
  const FirstStep good{.loss = 1, .gradient = {1, 0, 0, 1}, .sizes = {2, 2}};
  EXPECT_TRUE(parity({.loss = 1.006, .gradient = good.gradient, .sizes = good.sizes}, good, limits).mismatch);
  EXPECT_TRUE(parity({.loss = 1, .gradient = {1, 0.3F, 0, 1}, .sizes = good.sizes}, good, limits).mismatch);
  EXPECT_TRUE(parity({.loss = 1, .gradient = {0.7F, 0, 0, 0.7F}, .sizes = good.sizes}, good, limits).mismatch);
}

// Formats emulated on the oracle: what a mode does to a network, on any machine.

TEST(Parity, EmulatedBf16AndFp16AgreeWithFp32) {
  oracle::OracleLayers layers;
  const FirstStep reference = first_step(small_network(Mode::fp32, 8, 1), layers);
  for (const Mode mode : {Mode::amp_bf16, Mode::amp_fp16}) {
    const Parity found = parity(first_step(small_network(mode, 8, 1), layers), reference, limits);
    EXPECT_FALSE(found.mismatch) << *found.mismatch;
  }
}

TEST(Parity, OneGradientATenthTooSmallIsCaught) {
  oracle::OracleLayers layers;
  FaultyLayers faulty(layers, scaled_gradient(16, 32, 3));
  const FirstStep reference = first_step(small_network(Mode::fp32, 8, 1), layers);
  const Parity found = parity(first_step(small_network(Mode::amp_bf16, 8, 1), faulty), reference, limits);
  EXPECT_GT(found.gradient_cosine, 0.99) << "a cosine over all parameters cannot see it";
  ASSERT_TRUE(found.mismatch);
  EXPECT_NE(found.mismatch->find("one parameter's gradient"), std::string::npos);
}

TEST(Parity, Fp16WithoutLossScalingIsCaughtWhereTheGradientIsSmall) {
  // 2^-14 makes the gradients as small as a batch of 131,072 would make them; a scale of 2^14 on top brings them back.
  constexpr double small = 0x1p-14;
  oracle::OracleLayers layers;
  const FirstStep reference = first_step(small_network(Mode::fp32, 8, 1), layers);
  Network off = small_network(Mode::amp_fp16, 8, 1), on = off;
  off.loss_scale.initial = small;
  on.loss_scale.initial = small * 0x1p14;
  EXPECT_TRUE(parity(first_step(off, layers), reference, limits).mismatch);
  EXPECT_FALSE(parity(first_step(on, layers), reference, limits).mismatch);
}

}  // namespace
}  // namespace gpubench::training
