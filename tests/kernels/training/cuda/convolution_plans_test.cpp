#include <chrono>
#include <iostream>

#include <gtest/gtest.h>

#include "harness/devices/cuda/cudnn/notes.hpp"
#include "kernels/conv/conv.hpp"
#include "kernels/training/cuda/graphs.hpp"
#include "suites/models/matrix_layers.hpp"
#include "suites/models/resnet50.hpp"
#include "tests/harness/devices/cuda/cudnn/described_gpus.hpp"

// Plans of every convolution of ResNet-50 without a GPU, by the code that a kernel runs.

namespace gpubench::training {
namespace {

using Fusion = FusedConvolution::Fusion;

struct Wanted {
  std::string gpu{};
  Precision precision = Precision::fp32;
};
std::ostream& operator<<(std::ostream& to, const Wanted& wanted) {
  return to << wanted.gpu << ' ' << name(wanted.precision);
}

std::string name_of(const testing::TestParamInfo<Wanted>& info) {
  return info.param.gpu + "_" + std::string(name(info.param.precision));
}

cudnn::Plan planned(const Wanted& wanted, const Operation& operation) {
  const Precision fp32 = wanted.precision == Precision::tf32 ? Precision::tf32 : Precision::fp32;
  return planned_by_cudnn(cudnn::described_gpu(wanted.gpu), graph_of(operation), operation, fp32);
}

std::vector<LayerConvolution> convolutions() { return matrix_layers_of(resnet50(Mode::fp32, 16)).convolutions; }

bool tensor_cores(const cudnn::Plan& plan) {
  return plan.texts().at("numerics").find(cudnn::text_of(cudnn::NumericalNote::tensor_cores)) != std::string::npos;
}

/// Of a plan that there is, what every one must be.
void expect_fit(const Wanted& wanted, const Operation& operation, const cudnn::Plan& plan) {
  SCOPED_TRACE(text(operation));
  EXPECT_FALSE(cudnn::against(wanted.precision, plan.numerical_notes())) << plan.texts().at("numerics");
  EXPECT_LE(plan.workspace_bytes(), static_cast<std::size_t>(cudnn::most_workspace));
  EXPECT_FALSE(wanted.precision == Precision::fp32 && tensor_cores(plan));
  EXPECT_FALSE(wanted.precision == Precision::tf32 && !tensor_cores(plan)) << "that is FP32";
}

class ConvolutionPlans : public testing::TestWithParam<Wanted> {
 protected:
  void SetUp() override {
    if (const auto why = cudnn::why_no_plans()) GTEST_SKIP() << *why;
  }
};

TEST_P(ConvolutionPlans, OfEveryLayerAndDirectionAreThereAndTheSameTwice) {
  int count = 0;
  for (const LayerConvolution& one : convolutions())
    for (const Direction direction : all_directions) {
      constexpr bool narrow_gradient = true;  // CompiledPlans has the others
      const Operation operation =
          Conv{.shape = one.shape, .direction = direction, .format = GetParam().precision}.operation(narrow_gradient);
      const cudnn::Plan plan = planned(GetParam(), operation);
      expect_fit(GetParam(), operation, plan);
      EXPECT_EQ(plan.texts(), planned(GetParam(), operation).texts()) << text(operation);
      ++count;
    }
  EXPECT_EQ(count, 3 * 23);
}

TEST_P(ConvolutionPlans, UseTensorCoresInAllButFp32) {
  const ConvolutionShape shape{
      .batch = 16, .in_channels = 128, .height = 28, .width = 28, .out_channels = 128, .kernel = 3, .padding = 1};
  const Conv conv{.shape = shape, .direction = Direction::fprop, .format = GetParam().precision};
  EXPECT_EQ(tensor_cores(planned(GetParam(), conv.operation())), GetParam().precision != Precision::fp32);
}

INSTANTIATE_TEST_SUITE_P(Gpus,
                         ConvolutionPlans,
                         testing::Values(Wanted{"sm_80", Precision::fp32},
                                         Wanted{"sm_80", Precision::tf32},
                                         Wanted{"sm_80", Precision::fp16},
                                         Wanted{"sm_80", Precision::bf16},
                                         Wanted{"sm_90", Precision::fp32},
                                         Wanted{"sm_90", Precision::tf32},
                                         Wanted{"sm_90", Precision::fp16},
                                         Wanted{"sm_90", Precision::bf16}),
                         name_of);

/// What cuDNN compiles for each graph takes it seconds: of each kind one layer, all where GPUBENCH_ALL_PLANS is set.
class CompiledPlans : public testing::TestWithParam<Wanted> {
 protected:
  void SetUp() override {
    if (const auto why = cudnn::why_no_compiled_plans()) GTEST_SKIP() << *why;
  }
  /// All that have it, or the one of them with this size of filter that comes first.
  template <class Each>
  static void for_layers(std::int64_t kernel, const Each& each) {
    bool one_had = false;
    for (const LayerConvolution& one : convolutions()) {
      if (one.shape.kernel > kernel) continue;
      if (cudnn::all_plans_wanted() || (one.shape.kernel == kernel && !one_had)) each(one.shape);
      one_had = one_had || one.shape.kernel == kernel;
    }
  }
  static Type type() { return GetParam().precision == Precision::fp16 ? Type::f16 : Type::bf16; }
  static void expect_plan(const Operation& operation) {
    const cudnn::Plan plan = planned(GetParam(), operation);
    expect_fit(GetParam(), operation, plan);
  }
};

TEST_P(CompiledPlans, OfWeightGradientsInFp32AreThere) {
  for_layers(7, [](const ConvolutionShape& shape) { expect_plan(ConvolutionWeightGradient{shape, type()}); });
}
TEST_P(CompiledPlans, OfStatisticsAreThere) {
  for_layers(3, [](const auto& shape) { expect_plan(FusedConvolution{shape, type(), Fusion::statistics}); });
}
TEST_P(CompiledPlans, OfNormalisedInputsAreThere) {
  for_layers(3, [](const auto& shape) { expect_plan(FusedConvolution{shape, type(), Fusion::normalised_statistics}); });
}
TEST_P(CompiledPlans, OfBiasAndReluAreThere) {
  for_layers(3, [](const auto& shape) { expect_plan(FusedConvolution{shape, type(), Fusion::bias_relu}); });
}
TEST_P(CompiledPlans, OfTheReluBehindADataGradientAreThere) {
  for_layers(3, [](const auto& shape) { expect_plan(FusedConvolution{shape, type(), Fusion::relu_gradient}); });
}

INSTANTIATE_TEST_SUITE_P(Gpus,
                         CompiledPlans,
                         testing::Values(Wanted{"sm_80", Precision::bf16}, Wanted{"sm_90", Precision::bf16}),
                         name_of);
// Not among what is run every time (tests/emulated/CMakeLists.txt): in FP16 cuDNN has these engines, too.
INSTANTIATE_TEST_SUITE_P(Fp16,
                         CompiledPlans,
                         testing::Values(Wanted{"sm_80", Precision::fp16}, Wanted{"sm_90", Precision::fp16}),
                         name_of);

}  // namespace
}  // namespace gpubench::training
