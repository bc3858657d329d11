#include "kernels/training/training_kernel.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"
#include "tests/kernels/training/faulty_layers.hpp"

namespace gpubench::training {
namespace {

struct Silent : Progress {
  void on(const std::string&) override {}
};

/// Owns the right device that the faulty one spoils.
class Spoiled : public FaultyLayers {
 public:
  explicit Spoiled(Fault fault) : FaultyLayers(right_, std::move(fault)) {}

 private:
  oracle::OracleLayers right_;
};

std::unique_ptr<Kernel> kernel(
    Mode mode, FaultyLayers::Fault fault = [](auto&&...) {}, double memory = 1e12) {
  return make_training_kernel(small_network(mode, 4, 1),
                              {.layers = [fault] { return std::make_unique<Spoiled>(fault); },
                               .available_memory = [memory] { return memory; }});
}

Verification verified(Kernel& kernel) {
  Silent silent;
  kernel.allocate(silent);
  return kernel.verify(false, silent);
}

TEST(TrainingKernel, ARightDeviceIsVerifiedBeforeAndAfter) {
  const auto one = kernel(Mode::amp_bf16);
  const Verification first = verified(*one);
  EXPECT_FALSE(first.mismatch) << *first.mismatch;
  EXPECT_LE(first.error, 1);
  EXPECT_GT(first.checked, 1000);
  one->stage(3);
  one->enqueue(3);
  Silent silent;
  EXPECT_FALSE(one->verify(true, silent).mismatch);
}

TEST(TrainingKernel, AWrongElementOfAnyOperationIsNamed) {
  const auto wrong =
      [](Layers& layers, const Operation& operation, const Planned& planned, std::span<void* const> outputs) {
        if (std::holds_alternative<BatchNormBackward>(operation))
          change(layers, planned.outputs[1], outputs[1], [](float value) { return value * 1.01F; });
      };
  const auto one = kernel(Mode::fp32, wrong);
  const Verification found = verified(*one);
  ASSERT_TRUE(found.mismatch);
  EXPECT_NE(found.mismatch->find("batch norm backward"), std::string::npos) << *found.mismatch;
}

TEST(TrainingKernel, ANaNInAnOutputIsWrong) {
  const auto wrong =
      [](Layers& layers, const Operation& operation, const Planned& planned, std::span<void* const> outputs) {
        if (std::holds_alternative<AddReluForward>(operation))
          change(layers, planned.outputs[0], outputs[0], [](float) { return std::nanf(""); });
      };
  EXPECT_TRUE(verified(*kernel(Mode::fp32, wrong)).mismatch);
}

TEST(TrainingKernel, AnOptimizerThatForgetsAnUpdateIsWrong) {
  const auto wrong =
      [](Layers& layers, const Operation& operation, const Planned& planned, std::span<void* const> outputs) {
        if (std::holds_alternative<SgdMomentum>(operation))
          change(layers, planned.outputs[0], outputs[0], [](float value) { return value * 1.001F; });
      };
  EXPECT_TRUE(verified(*kernel(Mode::fp32, wrong)).mismatch);
}

TEST(TrainingKernel, AnAmpRowSaysHowItComparesWithFp32) {
  const auto one = kernel(Mode::amp_bf16);
  (void)verified(*one);
  CaseResult row;
  one->describe(row);
  ASSERT_TRUE(row.parity);
  EXPECT_GT(row.parity->gradient_cosine, 0.99);
  EXPECT_FALSE(row.parity->not_checked);
}

TEST(TrainingKernel, WithoutMemoryForFp32TheModeStillRunsAndSaysWhatWasNotChecked) {
  const auto one = kernel(
      Mode::amp_bf16, [](auto&&...) {}, 1000);
  EXPECT_FALSE(verified(*one).mismatch);
  CaseResult row;
  one->describe(row);
  ASSERT_TRUE(row.parity && row.parity->not_checked);
  EXPECT_NE(row.parity->not_checked->find("fp32 needs"), std::string::npos);
}

TEST(TrainingKernel, PartsAddUpToEveryOperationOfTheStep) {
  const auto one = kernel(Mode::fp32);
  (void)verified(*one);
  int convolutions = 0;
  for (const Part& part : one->parts())
    if (part.kind == "convolution") convolutions += part.operations;
  EXPECT_EQ(convolutions, 5 + 5 + 4);  // forward, weight gradient, data gradient but for the first
}

TEST(TrainingKernel, MemoryIsKnownBeforeAnyIsTaken) { EXPECT_GT(kernel(Mode::fp32)->memory_bytes(), 1e5); }

}  // namespace
}  // namespace gpubench::training
