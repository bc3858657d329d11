#include "kernels/training/onednn/layers.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "kernels/training/onednn/support.hpp"
#include "kernels/training/small_network.hpp"
#include "tests/kernels/training/onednn/layer_run.hpp"

namespace gpubench::training {
namespace {

constexpr ConvolutionShape conv(
    std::int64_t in, std::int64_t size, std::int64_t out, std::int64_t kernel, std::int64_t stride) {
  return {.batch = 2,
          .in_channels = in,
          .height = size,
          .width = size,
          .out_channels = out,
          .kernel = kernel,
          .stride = stride,
          .padding = kernel / 2};
}

constexpr AttentionShape attentions[] = {{.batch = 2, .sequence = 32, .heads = 3, .head_size = 64},
                                         {.batch = 3, .sequence = 9, .heads = 2, .head_size = 5},
                                         {.batch = 1, .sequence = 1, .heads = 1, .head_size = 16}};

std::vector<Operation> operations_in(Type type) {
  std::vector<Operation> all;
  for (const ConvolutionShape& shape : {conv(3, 32, 64, 7, 2),
                                        conv(64, 7, 32, 1, 1),
                                        conv(32, 8, 64, 1, 2),
                                        conv(32, 9, 32, 3, 1),
                                        conv(32, 14, 48, 3, 2),
                                        conv(5, 11, 13, 3, 1),
                                        conv(17, 6, 35, 1, 1)}) {
    all.emplace_back(ConvolutionForward{shape, type});
    all.emplace_back(ConvolutionDataGradient{shape, type});
    all.emplace_back(ConvolutionWeightGradient{shape, type});
  }
  for (const LinearShape& shape : {LinearShape{4, 64, 10},
                                   LinearShape{16, 2048, 100},
                                   LinearShape{3, 37, 5},
                                   LinearShape{6, 24, 96},
                                   LinearShape{.rows = 5, .in = 16, .out = 70, .bias = false}}) {
    all.emplace_back(LinearForward{shape, type});
    if (type != Type::f32) all.emplace_back(LinearForward{shape, type, type});
    all.emplace_back(LinearDataGradient{shape, type});
    all.emplace_back(LinearWeightGradient{shape, type});
  }
  for (const Shape& shape : {Shape{2, 64, 7, 7}, Shape{4, 21, 5, 6}}) {
    for (const bool relu : {false, true}) all.emplace_back(BatchNormForward{shape, relu, type});
    all.emplace_back(AddReluForward{shape, type});
    all.emplace_back(ReluBackward{shape, type});
    all.emplace_back(Accumulate{shape, type});
    all.emplace_back(AveragePoolForward{shape, type});
    all.emplace_back(AveragePoolBackward{shape, type});
  }
  for (const std::int64_t channels : {16, 19})
    all.emplace_back(MaxPoolForward{
        {.batch = 2, .channels = channels, .height = 12, .width = 12, .kernel = 3, .stride = 2, .padding = 1}, type});
  all.emplace_back(SoftmaxCrossEntropy{.rows = 16, .classes = 1000, .type = type});
  all.emplace_back(SoftmaxCrossEntropy{.rows = 3, .classes = 7, .type = type, .share = 0.25});
  for (const std::int64_t width : {16, 75, 768}) all.emplace_back(LayerNormForward{7, width, type});
  for (const Shape& shape : {Shape{16, 64}, Shape{3, 41}}) {
    all.emplace_back(GeluForward{shape, type});
    all.emplace_back(GeluBackward{shape, type});
  }
  for (const EmbeddingShape& shape :
       {EmbeddingShape{.batch = 2, .sequence = 9, .vocabulary = 11, .positions = 16, .width = 75},
        EmbeddingShape{.batch = 1, .sequence = 4, .vocabulary = 100, .positions = 4, .width = 64}}) {
    all.emplace_back(EmbeddingForward{shape, type});
    all.emplace_back(EmbeddingBackward{shape, type});
  }
  for (const AttentionShape& shape : attentions) all.emplace_back(AttentionForward{shape, type});
  return all;
}

std::vector<Operation> all_operations() {
  std::vector<Operation> all = operations_in(Type::f32);
  for (const Type type : {Type::bf16, Type::f16}) {
    const std::vector<Operation> narrow = operations_in(type);
    all.insert(all.end(), narrow.begin(), narrow.end());
  }
  for (const double decay : {0.0, 0.1}) {
    all.emplace_back(SgdMomentum{.count = 1000 + (decay > 0), .decay = decay});
    all.emplace_back(AdamW{.count = 77 + (decay > 0), .decay = decay});
  }
  all.emplace_back(CheckFinite{.count = 77});
  all.emplace_back(UpdateState{.dynamic_scale = true});
  all.emplace_back(UpdateState{});
  return all;
}

/// Why a narrow type is not to be had here; FP32 always is.
std::optional<std::string> why_no(const Operation& operation) {
  const std::string what = text(operation);
  if (what.find("bf16") == std::string::npos && what.find("fp16") == std::string::npos) return std::nullopt;
  try {
    (void)OneDnnLayers().plan(operation, operands(operation).inputs);
    return std::nullopt;
  } catch (const Unsupported& why) {
    return why.what();
  }
}

std::string test_name(const testing::TestParamInfo<Operation>& info) {
  std::string name = text(info.param);
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
  return name;
}

class Layer : public testing::TestWithParam<Operation> {
 protected:
  void SetUp() override {
    if (const auto reason = why_no(GetParam())) GTEST_SKIP() << *reason;
  }
  /// A hard-to-fool input of the operation.
  std::vector<LayerValue> inputs() const { return random_inputs(GetParam(), 7); }
};

TEST_P(Layer, AgreesWithTheOracle) {
  OneDnnLayers layers;
  const LayerRun run = run_layer(layers, GetParam(), inputs());
  EXPECT_EQ(difference(GetParam(), inputs(), run), std::nullopt);
}

TEST_P(Layer, AgreesInPlace) {
  OneDnnLayers layers;
  const LayerRun run = run_layer(layers, GetParam(), inputs(), true);
  EXPECT_EQ(difference(GetParam(), inputs(), run), std::nullopt);
}

TEST_P(Layer, TakesPlainOperands) {
  OneDnnLayers layers;
  std::vector<LayerValue> plain = inputs();
  for (LayerValue& input : plain)
    if (input.given.type != Type::opaque) input.given = layers.plain(input.given.shape, input.given.type);
  EXPECT_EQ(difference(GetParam(), plain, run_layer(layers, GetParam(), plain)), std::nullopt);
}

TEST_P(Layer, IsSeenToFailWhenWrong) {
  OneDnnLayers layers;
  LayerRun run = run_layer(layers, GetParam(), inputs());
  float& victim = run.outputs[0].numbers.back();
  const float right = victim;
  victim = right * 1.05F + 0.05F;
  EXPECT_NE(difference(GetParam(), inputs(), run), std::nullopt);
  victim = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(difference(GetParam(), inputs(), run), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(OneDnn, Layer, testing::ValuesIn(all_operations()), test_name);

/// Backward passes that need what their forward pass left behind.
class BackwardAfterForward : public testing::TestWithParam<Type> {
 protected:
  void SetUp() override {
    for (const Operation& needed : {Operation(AttentionForward{attentions[0], GetParam()}),
                                    Operation(BatchNormForward{.shape = {1, 16, 2, 2}, .type = GetParam()})})
      if (const auto reason = why_no(needed)) GTEST_SKIP() << *reason;
  }
};

TEST_P(BackwardAfterForward, BatchNormAgreesWithTheOracle) {
  OneDnnLayers layers;
  for (const Shape& shape : {Shape{2, 64, 7, 7}, Shape{4, 21, 5, 6}})
    for (const bool relu : {false, true})
      for (const bool in_place : {false, true}) {
        const Operation forward = BatchNormForward{.shape = shape, .relu = relu, .type = GetParam()};
        const Operation backward = BatchNormBackward{.shape = shape, .relu = relu, .type = GetParam()};
        const std::vector<LayerValue> given = random_inputs(forward, 3);
        const LayerRun first = run_layer(layers, forward, given);
        ASSERT_EQ(difference(forward, given, first), std::nullopt);
        std::vector<LayerValue> inputs = random_inputs(backward, 4);
        inputs[0] = given[0];
        for (const int i : {1, 2, 3})
          inputs[static_cast<std::size_t>(i)] = first.outputs[static_cast<std::size_t>(i - 1)];
        inputs[4] = given[1];
        inputs[5] = given[2];
        inputs[6] = first.outputs[3];
        EXPECT_EQ(difference(backward, inputs, run_layer(layers, backward, inputs, in_place)), std::nullopt);
      }
}

TEST_P(BackwardAfterForward, MaxPoolGivesTheGradientToTheFirstMaximum) {
  OneDnnLayers layers;
  for (const std::int64_t channels : {16, 19}) {
    const PoolShape shape{
        .batch = 2, .channels = channels, .height = 12, .width = 12, .kernel = 3, .stride = 2, .padding = 1};
    const Operation forward = MaxPoolForward{.shape = shape, .type = GetParam()};
    const Operation backward = MaxPoolBackward{.shape = shape, .type = GetParam()};
    std::vector<LayerValue> given = random_inputs(forward, 5);
    for (float& x : given[0].numbers) x = std::max(0.0F, std::round(x));  // as after a ReLU: many equal maxima
    const LayerRun first = run_layer(layers, forward, given);
    std::vector<LayerValue> inputs = random_inputs(backward, 6);
    inputs[0] = given[0];
    inputs[1] = first.outputs[1];
    EXPECT_EQ(difference(backward, inputs, run_layer(layers, backward, inputs)), std::nullopt);
  }
}

TEST_P(BackwardAfterForward, LayerNormAgreesWithTheOracle) {
  OneDnnLayers layers;
  for (const std::int64_t width : {16, 75, 768})
    for (const bool in_place : {false, true}) {
      const Operation forward = LayerNormForward{7, width, GetParam()};
      const Operation backward = LayerNormBackward{7, width, GetParam()};
      const std::vector<LayerValue> given = random_inputs(forward, 3);
      const LayerRun first = run_layer(layers, forward, given);
      std::vector<LayerValue> inputs = random_inputs(backward, 4);
      inputs[0] = given[0];
      inputs[1] = first.outputs[1];
      inputs[2] = first.outputs[2];
      inputs[3] = given[1];
      EXPECT_EQ(difference(backward, inputs, run_layer(layers, backward, inputs, in_place)), std::nullopt);
    }
}

TEST_P(BackwardAfterForward, AttentionAgreesWithTheOracle) {
  OneDnnLayers layers;
  for (const AttentionShape& shape : attentions)
    for (const bool in_place : {false, true}) {
      const Operation forward = AttentionForward{shape, GetParam()}, backward = AttentionBackward{shape, GetParam()};
      const std::vector<LayerValue> given = random_inputs(forward, 3);
      std::vector<LayerValue> inputs = random_inputs(backward, 4);
      inputs[0] = given[0];
      inputs[1] = run_layer(layers, forward, given).outputs[1];
      EXPECT_EQ(difference(backward, inputs, run_layer(layers, backward, inputs, in_place)), std::nullopt);
    }
}

INSTANTIATE_TEST_SUITE_P(OneDnn,
                         BackwardAfterForward,
                         testing::Values(Type::f32, Type::bf16, Type::f16),
                         [](const auto& info) { return std::string(name(info.param)); });

TEST(OneDnnLayers, WrongOperationIsSeenToFail) {
  OneDnnLayers layers;
  const Shape shape{2, 16, 4, 4};
  const Operation sum = Accumulate{.shape = shape}, sum_and_relu = AddReluForward{.shape = shape};
  const std::vector<LayerValue> inputs = random_inputs(sum, 1);
  EXPECT_NE(difference(sum_and_relu, inputs, run_layer(layers, sum, inputs)), std::nullopt);
}

TEST(OneDnnLayers, NumbersSurviveEveryLayout) {
  OneDnnLayers layers;
  const auto plan = layers.plan(ConvolutionForward{.shape = conv(19, 5, 21, 3, 1)},
                                operands(ConvolutionForward{.shape = conv(19, 5, 21, 3, 1)}).inputs);
  for (const TensorDesc& tensor : {plan->inputs[0], plan->inputs[1], plan->outputs[0]}) {
    std::vector<float> values(static_cast<std::size_t>(elements(tensor.shape)));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    const auto memory = layers.allocate(tensor.bytes);
    layers.upload(values, tensor, memory->data());
    std::vector<float> back(values.size());
    layers.download(tensor, memory->data(), back);
    EXPECT_EQ(back, values);
  }
}

TEST(OneDnnLayers, LabelsTravelAsWholeNumbers) {
  OneDnnLayers layers;
  const TensorDesc labels = layers.plain({4}, Type::i32);
  std::int32_t stored[4] = {};
  layers.upload(std::vector<float>{0, 7, 999, 16777216}, labels, stored);
  EXPECT_EQ(stored[3], 16777216);
  std::vector<float> back(4);
  layers.download(labels, stored, back);
  EXPECT_EQ(back[2], 999);
}

TEST(OneDnnLayers, MemoryIsAlignedAndZeroBytesAreAllowed) {
  OneDnnLayers layers;
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(layers.allocate(100)->data()) % 64, 0U);
  EXPECT_NO_THROW((void)layers.allocate(0));
  EXPECT_THROW((void)layers.allocate(std::size_t{1} << 60), OutOfMemory);
}

TEST(OneDnnLayers, LayoutsOfUnequalShapesDiffer) {
  OneDnnLayers layers;
  EXPECT_TRUE(same(layers.plain({2, 3}, Type::f32), layers.plain({2, 3}, Type::f32)));
  EXPECT_FALSE(same(layers.plain({2, 3}, Type::f32), layers.plain({3, 2}, Type::f32)));
  EXPECT_FALSE(same(layers.plain({2, 3}, Type::f32), layers.plain({2, 3}, Type::bf16)));
}

TEST(Support, ModesThatAreMissingSayWhy) {
  for (const auto network : {&small_network, &small_transformer}) {
    EXPECT_EQ(onednn::why_not(network(Mode::fp32, 1, 1)), std::nullopt);
    EXPECT_EQ(onednn::why_not(network(Mode::tf32, 1, 1)), "this CPU has no TF32");
    for (const Mode mode : {Mode::amp_bf16, Mode::amp_fp16}) {
      const std::string reason = onednn::why_not(network(mode, 1, 1)).value_or("oneDNN can");
      EXPECT_TRUE(reason.starts_with("oneDNN ")) << reason;
    }
  }
}

TEST(Support, ASequenceLongerThanThePositionsIsToldSo) {
  Network network = small_transformer(Mode::fp32, 1, 1);
  network.sequence = 1000;
  EXPECT_EQ(onednn::why_not(network), "small transformer has 16 positions, a sequence of 1000 does not fit");
}

TEST(OneDnnLayers, AnOverflowStopsEveryOptimizer) {
  OneDnnLayers layers;
  for (const Operation& operation : {Operation(SgdMomentum{.count = 100}), Operation(AdamW{.count = 100})}) {
    std::vector<LayerValue> inputs = random_inputs(operation, 1);
    inputs.back().numbers[StepState::overflow] = 1;
    inputs[1].numbers[50] = INFINITY;
    EXPECT_EQ(difference(operation, inputs, run_layer(layers, operation, inputs, true)), std::nullopt);
  }
}

TEST(OneDnnLayers, OneInfinityOrNaNAmongTheGradientsIsFound) {
  OneDnnLayers layers;
  const Operation check = CheckFinite{.count = 1001};
  for (const std::size_t where : {0U, 500U, 1000U})
    for (const float wrong : {INFINITY, -INFINITY, NAN}) {
      std::vector<LayerValue> inputs = random_inputs(check, 1);
      inputs[0].numbers[where] = wrong;
      const LayerRun run = run_layer(layers, check, inputs, true);
      EXPECT_EQ(run.outputs[0].numbers[StepState::overflow], 1) << where << ' ' << wrong;
    }
}

}  // namespace
}  // namespace gpubench::training
