#include <cmath>

#include <gtest/gtest.h>

#include "kernels/training/engine.hpp"
#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"

namespace gpubench::training {
namespace {

std::vector<float> one_step(Engine& engine) {
  engine.stage(1);
  engine.enqueue(1);
  return engine.gradient();
}

/// Two batches of 2 are one batch of 4 where examples know nothing of each other: layer norm, not batch norm.
TEST(Accumulation, TwoHalfBatchesGiveTheGradientOfTheWhole) {
  oracle::OracleLayers layers(oracle::Rounding::none, true);
  Network halves = small_transformer(Mode::fp32, 2, 1);
  halves.accumulate = 2;
  Engine in_halves(halves, layers), whole(small_transformer(Mode::fp32, 4, 1), layers);
  in_halves.allocate();
  whole.allocate();
  for (int step = 0; step < 2; ++step) {
    const std::vector<float> got = one_step(in_halves), expected = one_step(whole);
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i)
      ASSERT_NEAR(got[i], expected[i], 1e-6 * (1 + std::abs(static_cast<double>(expected[i])))) << step << ' ' << i;
  }
  EXPECT_EQ(in_halves.state().taken, 2);
  EXPECT_EQ(in_halves.steps_done(), 2);
}

TEST(Accumulation, ManyBatchesAreStagedInTurns) {
  oracle::OracleLayers layers;
  Network network = small_transformer(Mode::fp32, 1, 1);
  network.accumulate = Engine::staged_batches + 1;
  Engine engine(network, layers);
  engine.allocate();
  one_step(engine);
  EXPECT_EQ(engine.state().taken, 1);
}

TEST(Accumulation, NamesAndCountsTheWholeStep) {
  Network network = small_transformer(Mode::fp32, 2, 1);
  const double one = network.work().flops;
  network.accumulate = 4;
  EXPECT_EQ(network.name(), "train/small-transformer/fp32/b2s8x4/d1");
  EXPECT_EQ(network.items(), 4 * 2 * 8);
  EXPECT_DOUBLE_EQ(network.work().flops, 4 * one);
  CaseResult row;
  network.describe(row);
  EXPECT_EQ(row.group, "small transformer · 4 x (2 x 8) tokens · AdamW");
}

}  // namespace
}  // namespace gpubench::training
