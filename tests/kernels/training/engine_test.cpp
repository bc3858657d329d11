#include "kernels/training/engine.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/core/random.hpp"
#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"

namespace gpubench::training {
namespace {

using oracle::OracleLayers, oracle::Rounding;

double step_loss(Engine& engine) {
  engine.stage(1);
  engine.enqueue(1);
  return engine.loss();
}

/// Loss of the first batch at other weights: a fresh engine each time, so that every one sees batch 0.
double loss_at(const Network& network, const std::vector<float>& weights) {
  OracleLayers layers(Rounding::none, true);
  Engine engine(network, layers);
  engine.allocate();
  engine.set_weights(weights);
  return step_loss(engine);
}

TEST(Engine, GradientAgreesWithCentralDifferencesOfTheWholeNetwork) {
  const Network network = small_network(Mode::fp32, 2, 3);
  OracleLayers layers(Rounding::none, true);
  Engine engine(network, layers);
  engine.allocate();
  const std::vector<float> weights = engine.weights();
  step_loss(engine);
  const std::vector<float> gradient = engine.gradient();
  ASSERT_EQ(gradient.size(), weights.size());

  const Random random(5, 0);
  for (std::uint64_t direction = 0; direction < 3; ++direction) {
    std::vector<float> up = weights, down = weights;
    double expected = 0, length = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const float step = static_cast<float>(3e-6 * random.normal(direction * weights.size() + i));
      up[i] += step;
      down[i] -= step;
      const double moved = static_cast<double>(up[i]) - static_cast<double>(down[i]);  // what the floats really moved
      expected += moved * static_cast<double>(gradient[i]);
      length += std::abs(moved * static_cast<double>(gradient[i]));
    }
    EXPECT_NEAR(loss_at(network, up) - loss_at(network, down), expected, 1e-6 * length) << direction;
  }
}

TEST(Engine, TwoStepsWithMomentumAreWhatTheFormulaSays) {
  Network network = small_network(Mode::fp32, 2, 3);
  network.optimizer = {.rate = 0.1, .momentum = 0.5, .decay = 0.01, .warmup_steps = 2};
  OracleLayers layers(Rounding::none, true);
  Engine engine(network, layers);
  engine.allocate();
  const float start = engine.weights()[0];  // of a convolution: it decays
  step_loss(engine);
  const double velocity = static_cast<double>(engine.gradient()[0]) + 0.01 * static_cast<double>(start);
  const double second = static_cast<double>(start) - 0.05 * velocity;  // half the rate in the first warm-up step
  EXPECT_NEAR(engine.weights()[0], second, 1e-7);
  step_loss(engine);
  const double faster = 0.5 * velocity + static_cast<double>(engine.gradient()[0]) + 0.01 * second;
  EXPECT_NEAR(engine.weights()[0], second - 0.1 * faster, 1e-7);
}

TEST(Engine, LossScaleChangesNothingButTheRangeOfTheGradients) {
  std::vector<std::vector<float>> gradients, weights;
  for (const double scale : {1.0, 1024.0}) {
    Network network = small_network(Mode::fp32, 2, 3);
    network.loss_scale.initial = scale;
    OracleLayers layers;
    Engine engine(network, layers);
    engine.allocate();
    step_loss(engine);
    gradients.push_back(engine.gradient());
    weights.push_back(engine.weights());
  }
  for (std::size_t i = 0; i < weights[0].size(); ++i) {
    EXPECT_NEAR(gradients[0][i], gradients[1][i], 1e-5 * (1e-2 + std::abs(static_cast<double>(gradients[0][i]))));
    EXPECT_NEAR(weights[0][i], weights[1][i], 1e-6);
  }
}

TEST(Engine, ANetworkLearnsWhatTheTeacherKnows) {
  OracleLayers layers;
  Engine engine(small_network(Mode::fp32, 16, 1), layers);
  engine.allocate();
  double first = 0, last = 0;
  for (int step = 0; step < 100; ++step) {
    const double loss = step_loss(engine);
    if (step < 20) first += loss / 20;
    if (step >= 80) last += loss / 20;
  }
  EXPECT_NEAR(first, 2.3, 0.3);  // ln 10 when nothing is known
  EXPECT_LT(last, first - 0.1);
}

TEST(Engine, EachStepOfABlockSeesABatchOfItsOwn) {
  OracleLayers layers;
  Engine engine(small_network(Mode::fp32, 2, 1), layers);
  engine.allocate();
  engine.stage(Engine::staged_batches);
  std::set<std::vector<float>> seen;
  for (int step = 0; step < Engine::staged_batches; ++step) {
    engine.enqueue(1);
    seen.insert(engine.read(engine.plan().input));
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(Engine::staged_batches));
}

TEST(Engine, AStepWithoutABatchIsRefused) {
  OracleLayers layers;
  Engine engine(small_network(Mode::fp32, 2, 1), layers);
  engine.allocate();
  EXPECT_THROW(engine.enqueue(1), Error);
}

TEST(Engine, ALayerThatNobodyReadsIsRefused) {
  Network network = small_network(Mode::fp32, 2, 1);
  network.layers.insert(network.layers.begin() + 3, {"lost", BatchNorm{}, {2}});
  for (std::size_t i = 4; i < network.layers.size(); ++i)
    for (int& from : network.layers[i].inputs)
      if (from >= 3) ++from;
  OracleLayers layers;
  EXPECT_THROW(Engine(network, layers), Error);
}

TEST(Engine, SharedBuffersNeverChangeAResult) {
  // What a node wrote is what its readers find, however much ran in between.
  const Network network = small_network(Mode::amp_bf16, 3, 7);
  OracleLayers layers;
  Engine engine(network, layers);
  engine.allocate();
  engine.stage(1);
  std::vector<std::vector<float>> written(engine.plan().values.size());
  const auto check = [&](const Node& node) {
    for (const int value : node.inputs) {
      const auto& was = written[static_cast<std::size_t>(value)];
      EXPECT_TRUE(was.empty() || engine.read(value) == was) << value;
    }
  };
  const auto keep = [&](const Node& node) {
    for (const int value : node.outputs)
      if (engine.desc(value).type != Type::opaque &&
          engine.plan().values[static_cast<std::size_t>(value)].home == Home::arena)
        written[static_cast<std::size_t>(value)] = engine.read(value);
  };
  engine.visit_step({.before = check, .after = keep});
  EXPECT_LT(engine.plan().arena_bytes, engine.plan().bytes());
}

}  // namespace
}  // namespace gpubench::training
