#include <cmath>

#include <gtest/gtest.h>

#include "kernels/training/engine.hpp"
#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"
#include "kernels/training/training_kernel.hpp"
#include "tests/kernels/training/faulty_layers.hpp"

// Dynamic loss scaling with FP16 emulated on the oracle: on any machine, with the numbers that FP16 has.

namespace gpubench::training {
namespace {

Network fp16(double initial_scale, Network (*small)(Mode, int, std::uint64_t) = small_network) {
  Network network = small(Mode::amp_fp16, 4, 1);
  network.loss_scale = {.initial = initial_scale, .dynamic = true, .growth_interval = 5};
  return network;
}

void steps(Engine& engine, int count) {
  for (int i = 0; i < count; ++i) {
    engine.stage(1);
    engine.enqueue(1);
  }
}

TEST(LossScale, AForcedOverflowIsSkippedAndRecoveredFrom) {
  for (const auto small : {&small_network, &small_transformer}) {
    oracle::OracleLayers layers;
    Engine engine(fp16(0x1p30, small), layers);
    engine.allocate();
    const std::vector<float> start = engine.weights();
    steps(engine, 1);
    EXPECT_EQ(engine.state().skipped, 1);
    EXPECT_EQ(engine.state().taken, 0);
    EXPECT_EQ(engine.state().loss_scale, 0x1p29);
    EXPECT_EQ(engine.weights(), start) << "a skipped step changes nothing";
    steps(engine, 30);
    const Engine::State end = engine.state();
    EXPECT_GT(end.taken, 10);
    EXPECT_GT(end.skipped, 3);
    EXPECT_EQ(end.taken + end.skipped, 31);
    EXPECT_LT(end.loss_scale, 0x1p28);
    EXPECT_TRUE(std::isfinite(engine.loss()));
    for (const float weight : engine.weights()) ASSERT_TRUE(std::isfinite(weight));
  }
}

TEST(LossScale, GrowsAgainAfterEnoughGoodSteps) {
  oracle::OracleLayers layers;
  Engine engine(fp16(8), layers);
  engine.allocate();
  steps(engine, 4);
  EXPECT_EQ(engine.state().loss_scale, 8);
  steps(engine, 1);
  EXPECT_EQ(engine.state().loss_scale, 16);
  const std::vector<float> gradient = engine.gradient();  // made with 8
  Engine fixed(fp16(8), layers);
  fixed.allocate();
  steps(fixed, 4);
  fixed.set_loss_scale(16);
  steps(fixed, 1);
  const std::vector<float> expected = fixed.gradient();
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    difference += std::pow(gradient[i] - expected[i], 2);
    size += std::pow(expected[i], 2);
  }
  EXPECT_LT(difference, 1e-4 * size) << "the gradient does not depend on the scale it was computed with";
}

TEST(LossScale, WithoutTheFinitenessCheckOneOverflowSpoilsTheWeightsForGood) {
  oracle::OracleLayers layers;
  Network careless = fp16(0x1p30);
  careless.loss_scale.dynamic = false;
  Engine engine(careless, layers);
  engine.allocate();
  steps(engine, 2);
  bool broken = false;
  for (const float weight : engine.weights()) broken = broken || !std::isfinite(weight);
  EXPECT_TRUE(broken);
}

TEST(LossScale, KeepsSmallGradientsThatFp16WouldLose) {
  oracle::OracleLayers layers;
  const auto zeros = [&](double scale) {
    Network network = fp16(scale, small_transformer);
    Engine engine(network, layers);
    engine.allocate();
    steps(engine, 1);
    int count = 0;
    for (const float g : engine.gradient()) count += g == 0;
    return count;
  };
  EXPECT_GT(zeros(0x1p-18), zeros(1024) + 100);
}

struct Silent : Progress {
  void on(const std::string&) override {}
};

TEST(LossScale, ARowCountsOnlyStepsThatTrained) {
  Network network = fp16(0x1p30);
  network.loss_scale.growth_interval = 1;  // it overflows again and again
  const auto kernel = make_training_kernel(
      network,
      {.layers = [] { return std::make_unique<oracle::OracleLayers>(); }, .available_memory = [] { return 1e12; }});
  Silent silent;
  kernel->allocate(silent);
  const auto before = kernel->verify(false, silent);
  ASSERT_FALSE(before.mismatch) << *before.mismatch;
  kernel->stage(8);
  kernel->enqueue(12);
  ASSERT_FALSE(kernel->verify(true, silent).mismatch);
  CaseResult row{.status = Status::ok, .samples_seconds = {0.5}, .samples_taken = 1, .median_seconds = 0.5};
  kernel->describe(row);
  const double trained = row.telemetry.at("steps_trained"), skipped = row.telemetry.at("steps_skipped");
  EXPECT_EQ(trained + skipped, 12);
  ASSERT_GT(skipped, 0);
  network.describe(row);
  EXPECT_DOUBLE_EQ(row.figures[0].second, 4 / 0.5 * trained / 12);
  ASSERT_EQ(row.labels.size(), 1U);
  EXPECT_NE(row.labels[0].find("were skipped"), std::string::npos);
}

TEST(LossScale, AWindowInWhichNothingTrainedIsWrong) {
  Network network = fp16(1);
  bool broken = false;
  const auto fault =
      [&](Layers& layers, const Operation& operation, const Planned& planned, std::span<void* const> at) {
        if (broken && std::holds_alternative<LinearWeightGradient>(operation))
          change(layers, planned.outputs[0], at[0], [](float) { return INFINITY; });
      };
  oracle::OracleLayers right;
  const auto kernel = make_training_kernel(network,
                                           {.layers = [&] { return std::make_unique<FaultyLayers>(right, fault); },
                                            .available_memory = [] { return 1e12; }});
  Silent silent;
  kernel->allocate(silent);
  ASSERT_FALSE(kernel->verify(false, silent).mismatch);
  broken = true;
  kernel->stage(2);
  kernel->enqueue(2);
  broken = false;
  const Verification found = kernel->verify(true, silent);
  ASSERT_TRUE(found.mismatch);
  EXPECT_NE(found.mismatch->find("no step trained"), std::string::npos) << *found.mismatch;
}

}  // namespace
}  // namespace gpubench::training
