#include "kernels/conv/conv_kernel.hpp"

#include <gtest/gtest.h>

#include "kernels/training/oracle/oracle_layers.hpp"
#include "tests/kernels/silent.hpp"
#include "tests/kernels/training/faulty_layers.hpp"

namespace gpubench {
namespace {

using namespace training;

constexpr ConvolutionShape shape{
    .batch = 2, .in_channels = 3, .height = 6, .width = 5, .out_channels = 4, .kernel = 3, .stride = 2, .padding = 1};

/// Owns the right device that the faulty one spoils.
class Spoiled : public FaultyLayers {
 public:
  explicit Spoiled(Fault fault) : FaultyLayers(right_, std::move(fault)) {}

 private:
  oracle::OracleLayers right_;
};

struct Found {
  Verification before{}, after{};
};
/// Three sets: verified, run a few times, verified again.
Found verified(const Conv& conv, std::unique_ptr<Layers> layers) {
  Silent silent;
  const double set_bytes = make_conv_kernel(conv, std::make_unique<oracle::OracleLayers>(), 0)->memory_bytes();
  const auto kernel = make_conv_kernel(conv, std::move(layers), set_bytes);
  kernel->allocate(silent);
  Found found{.before = kernel->verify(false, silent)};
  kernel->enqueue(5);
  found.after = kernel->verify(true, silent);
  return found;
}

Conv small(Direction direction, Precision format = Precision::fp32) {
  return {.shape = shape, .direction = direction, .format = format};
}

TEST(Conv, NamesItself) {
  Conv conv{.shape = {.batch = 16, .in_channels = 64, .height = 56, .width = 56, .out_channels = 64, .kernel = 3},
            .direction = Direction::fprop,
            .format = Precision::bf16};
  EXPECT_EQ(conv.name(), "conv/bf16/fprop/n16c64h56k64r3s1");
  conv.shape.width = 48;
  EXPECT_EQ(conv.name(), "conv/bf16/fprop/n16c64h56w48k64r3s1");
  EXPECT_EQ(conv.work().flops, conv.shape.flops());
}

TEST(ConvKernel, RightConvolutionsPassInEveryDirection) {
  for (const Direction direction : all_directions)
    for (const Precision format : {Precision::fp32, Precision::bf16}) {
      const Found found = verified(small(direction, format), std::make_unique<oracle::OracleLayers>());
      EXPECT_FALSE(found.before.mismatch) << name(direction) << *found.before.mismatch;
      EXPECT_FALSE(found.after.mismatch) << name(direction) << *found.after.mismatch;
      EXPECT_GE(found.before.checked, 2 * 4 * 3 * 3) << "every element of so few";
    }
}

TEST(ConvKernel, AWrongElementOfAnyDirectionIsFound) {
  for (const Direction direction : all_directions) {
    const auto wrong = [](Layers& layers, const Operation&, const Planned& planned, std::span<void* const> outputs) {
      change(layers, planned.outputs[0], outputs[0], [at = 0](float value) mutable {
        return at++ == 11 ? value * 1.001F + 0.001F : value;
      });
    };
    const Found found = verified(small(direction), std::make_unique<Spoiled>(wrong));
    ASSERT_TRUE(found.before.mismatch) << name(direction);
    EXPECT_NE(found.before.mismatch->find("element 11 "), std::string::npos) << *found.before.mismatch;
  }
}

constexpr FusedConvolution::Fusion all_fusions[] = {FusedConvolution::Fusion::statistics,
                                                    FusedConvolution::Fusion::normalised_statistics,
                                                    FusedConvolution::Fusion::bias_relu,
                                                    FusedConvolution::Fusion::relu_gradient};

TEST(ConvKernel, RightFusedConvolutionsPassAndAWrongResultOfAnyIsFound) {
  for (const auto fusion : all_fusions) {
    Conv conv =
        small(fusion == FusedConvolution::Fusion::relu_gradient ? Direction::dgrad : Direction::fprop, Precision::bf16);
    conv.fusion = fusion;
    const Found right = verified(conv, std::make_unique<oracle::OracleLayers>());
    EXPECT_FALSE(right.before.mismatch) << conv.name() << *right.before.mismatch;
    EXPECT_FALSE(right.after.mismatch) << conv.name() << *right.after.mismatch;
    for (std::size_t output = 0; output < operands(conv.operation()).outputs.size(); ++output) {
      const auto wrong =
          [&](Layers& layers, const Operation& o, const Planned& planned, std::span<void* const> outputs) {
            if (!std::holds_alternative<FusedConvolution>(o)) return;  // a copy of operands
            change(layers, planned.outputs[output], outputs[output], [](float value) { return value * 1.1F + 0.1F; });
          };
      EXPECT_TRUE(verified(conv, std::make_unique<Spoiled>(wrong)).before.mismatch) << conv.name() << output;
    }
  }
}

TEST(Conv, AFusedOneHasANameAndAFigureOfItsOwn) {
  Conv conv = small(Direction::fprop, Precision::fp16);
  conv.fusion = FusedConvolution::Fusion::statistics;
  EXPECT_EQ(conv.name(), "conv/fp16/fprop/n2c3h6w5k4r3s2/bn-stats");
  CaseResult row;
  conv.describe(row);
  EXPECT_EQ(row.figure, "conv.fp16.fprop.n2c3h6w5k4r3s2.bn-stats.flops_per_second");
}

/// A device whose runs stop writing after the first three.
class Lazy : public oracle::OracleLayers {
 public:
  std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) override {
    struct Plan : Planned {
      std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void* scratch) const override {
        return [this, run = right->bind(from, to, scratch)] {
          if (++runs <= 3) run();
        };
      }
      std::unique_ptr<Planned> right{};
      mutable int runs = 0;
    };
    auto plan = std::make_unique<Plan>();
    plan->right = oracle::OracleLayers::plan(operation, given);
    plan->inputs = plan->right->inputs;
    plan->outputs = plan->right->outputs;
    return plan;
  }
};

TEST(ConvKernel, TimedRunsThatWriteNothingAreFoundAfterThem) {
  const Found found = verified(small(Direction::fprop), std::make_unique<Lazy>());
  EXPECT_FALSE(found.before.mismatch);
  EXPECT_TRUE(found.after.mismatch);
}

TEST(ConvKernel, SaysHowManySetsTakeTurns) {
  const auto kernel = make_conv_kernel(small(Direction::fprop), std::make_unique<oracle::OracleLayers>(), 1e5);
  EXPECT_GT(std::stoi(kernel->plan().at("sets of operands")), 10);
  EXPECT_GT(kernel->memory_bytes(), 2e5);
}

}  // namespace
}  // namespace gpubench
