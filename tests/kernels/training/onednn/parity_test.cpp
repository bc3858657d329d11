#include "kernels/training/parity.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "kernels/training/engine.hpp"
#include "kernels/training/onednn/layers.hpp"
#include "kernels/training/onednn/support.hpp"
#include "kernels/training/oracle/formats.hpp"
#include "kernels/training/small_check.hpp"
#include "kernels/training/small_network.hpp"
#include "tests/kernels/training/faulty_layers.hpp"

namespace gpubench::training {
namespace {

// A rate so low that an update is often less than half the distance of two bf16 numbers: masters in bf16 then stand
// still.
constexpr int batch = 32, steps = 300, last = 20;
constexpr double rate = 0.002;

Network network(Mode mode, std::uint64_t seed) {
  Network made = small_network(mode, batch, seed);
  made.optimizer.rate = rate;
  return made;
}

#define SKIP_WITHOUT(mode) \
  if (const auto why = onednn::why_not(small_network(mode, 1, 1))) GTEST_SKIP() << *why

/// Both modes from the same weights, after `steps_before` steps of fp32, on the same batch.
Parity parity_after(int steps_before, Mode mode, Layers& layers, Layers& layers_of_mode) {
  Engine trained(network(Mode::fp32, 1), layers);
  trained.allocate();
  for (int step = 0; step < steps_before; ++step) {
    trained.stage(1);
    trained.enqueue(1);
  }
  std::vector<FirstStep> found;
  for (const bool reference : {false, true}) {
    Engine engine(network(reference ? Mode::fp32 : mode, 1), reference ? layers : layers_of_mode);
    engine.allocate();
    engine.set_weights(trained.weights());
    engine.stage(1);
    engine.enqueue(1);
    found.push_back(engine.first_step());
  }
  return parity(found[0], found[1], {.gradient_cosine = 0.99});  // of a few layers: the scale stays at 0.05
}

double mean_of_last_losses(Mode mode, std::uint64_t seed, Layers& layers) {
  Engine engine(network(mode, seed), layers);
  engine.allocate();
  double sum = 0;
  for (int step = 0; step < steps; ++step) {
    engine.stage(1);
    engine.enqueue(1);
    if (step >= steps - last) sum += engine.loss();
  }
  return sum / last;
}

struct Spread {
  double mean = 0, deviation = 0;
};
/// Of five fp32 runs that differ in the seed only.
const Spread& fp32_spread() {
  static const Spread spread = [] {
    OneDnnLayers layers;
    std::vector<double> means;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) means.push_back(mean_of_last_losses(Mode::fp32, seed, layers));
    Spread found{.mean = std::accumulate(means.begin(), means.end(), 0.0) / 5};
    for (const double mean : means) found.deviation += (mean - found.mean) * (mean - found.mean) / 4;
    found.deviation = std::sqrt(found.deviation);
    return found;
  }();
  return spread;
}

void round_masters(Layers& layers, const Operation& operation, const Planned& planned, std::span<void* const> outputs) {
  if (std::holds_alternative<SgdMomentum>(operation))
    change(layers, planned.outputs[0], outputs[0], [](float value) {
      return static_cast<float>(oracle::to_bf16(static_cast<double>(value)));
    });
}

TEST(OneDnnParity, Bf16AgreesWithFp32AtSteps0And10And50) {
  SKIP_WITHOUT(Mode::amp_bf16);
  OneDnnLayers layers;
  for (const int before : {0, 10, 50}) {
    const Parity found = parity_after(before, Mode::amp_bf16, layers, layers);
    EXPECT_FALSE(found.mismatch) << "step " << before << ": " << *found.mismatch;
  }
}

TEST(OneDnnParity, OneGradientATenthTooSmallIsCaught) {
  SKIP_WITHOUT(Mode::amp_bf16);
  OneDnnLayers layers;
  FaultyLayers faulty(layers, scaled_gradient(16, 32, 3));
  EXPECT_TRUE(parity_after(0, Mode::amp_bf16, layers, faulty).mismatch);
}

TEST(OneDnnParity, Bf16LearnsAsFarAsFp32Does) {
  SKIP_WITHOUT(Mode::amp_bf16);
  OneDnnLayers layers;
  const auto [mean, deviation] = fp32_spread();
  EXPECT_LT(mean, 2.2) << "fp32 itself must have learned something: ln 10 is 2.30";
  EXPECT_NEAR(mean_of_last_losses(Mode::amp_bf16, 1, layers), mean, 3 * deviation);
}

TEST(OneDnnParity, MasterWeightsInBf16AreCaught) {
  SKIP_WITHOUT(Mode::amp_bf16);
  OneDnnLayers layers;
  FaultyLayers faulty(layers, round_masters);
  const auto [mean, deviation] = fp32_spread();
  EXPECT_GT(mean_of_last_losses(Mode::amp_bf16, 1, faulty), mean + 3 * deviation);
}

TEST(OneDnnParity, ASmallNetworksWholeStepAgreesWithTheOracle) {
  OneDnnLayers layers;
  for (const auto make : {&small_network, &small_transformer})
    for (const Mode mode : {Mode::fp32, Mode::amp_bf16, Mode::amp_fp16}) {
      const Network small = make(mode, 4, 1);
      if (onednn::why_not(small)) continue;
      const SmallCheck check = check_small_network(small, layers);
      EXPECT_FALSE(check.mismatch) << small.name() << ": " << *check.mismatch;
    }
}

TEST(OneDnnParity, AWrongGradientFailsTheSmallStep) {
  OneDnnLayers layers;
  FaultyLayers faulty(layers, scaled_gradient(16, 32, 3));
  EXPECT_TRUE(check_small_network(small_network(Mode::fp32, 4, 1), faulty).mismatch);
}

}  // namespace
}  // namespace gpubench::training
