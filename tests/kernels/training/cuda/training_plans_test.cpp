#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/cudnn/operations.hpp"
#include "kernels/training/cuda/graphs.hpp"
#include "tests/harness/devices/cuda/cudnn/described_gpus.hpp"

// Plans of what else a step needs, without a GPU: attention, products, normalisations.

namespace gpubench::cudnn {
namespace {

using Sizes = std::vector<std::int64_t>;

class TrainingPlans : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (const auto why = why_no_compiled_plans()) GTEST_SKIP() << *why;
  }
  static Plan planned(const std::vector<Descriptor>& operations) {
    return choose(described_gpu(GetParam()), operations, Precision::bf16, "a graph of the test");
  }
};

Tensor in_memory(std::int64_t id, DataType type, const Sizes& sizes, const Sizes& strides) {
  return {.id = id, .type = type, .dimensions = sizes, .strides = strides};
}
Tensor numbers(std::int64_t id, std::int64_t channels) {
  return in_memory(id, DataType::f32, {1, channels, 1, 1}, {channels, 1, channels, channels});
}
Tensor by_value(std::int64_t id) {
  Tensor one = in_memory(id, DataType::f32, {1, 1, 1, 1}, {1, 1, 1, 1});
  one.place = Tensor::Place::by_value;
  return one;
}

/// GPT-2 124M: 12 heads of 64, 1024 tokens.
constexpr training::AttentionShape gpt2{.batch = 8, .sequence = 1024, .heads = 12, .head_size = 64};

TEST_P(TrainingPlans, OfCausalAttentionForwardIsThereAndKeepsNoScores) {
  const Plan plan = planned(cudnn_graph(training::AttentionForward{gpt2, training::Type::bf16}).operations);
  const auto scores = static_cast<std::size_t>(gpt2.batch * gpt2.heads * gpt2.sequence * gpt2.sequence * 2);
  EXPECT_LT(plan.workspace_bytes(), scores / 2) << "that is not flash attention";
}

TEST_P(TrainingPlans, OfCausalAttentionBackwardIsThere) {
  EXPECT_NO_THROW(planned(cudnn_graph(training::AttentionBackward{gpt2, training::Type::bf16}).operations));
}

TEST_P(TrainingPlans, OfAProductIsThere) {
  const std::int64_t m = 8192, n = 3072, k = 768;  // rows of a step, and the wide layer behind attention
  const Tensor a = in_memory(1, DataType::bf16, {1, m, k}, {m * k, k, 1});
  const Tensor b = in_memory(2, DataType::bf16, {1, k, n}, {k * n, 1, k});
  EXPECT_NO_THROW(planned({matmul(a, b, in_memory(3, DataType::bf16, {1, m, n}, {m * n, n, 1}))}));
}

TEST_P(TrainingPlans, OfBatchNormBothWaysAreThere) {
  const Sizes sizes{16, 256, 56, 56};
  const auto image = [&](std::int64_t id) { return in_memory(id, DataType::bf16, sizes, channels_last(sizes)); };
  Normalisation forward{.mode = NormMode::batch,
                        .x = image(1),
                        .scale = numbers(2, 256),
                        .shift = numbers(3, 256),
                        .epsilon = by_value(4),
                        .mean = numbers(5, 256),
                        .inverse_deviation = numbers(6, 256),
                        .y = image(7)};
  forward.running = {.factor = by_value(8),
                     .mean = numbers(9, 256),
                     .variance = numbers(10, 256),
                     .next_mean = numbers(11, 256),
                     .next_variance = numbers(12, 256)};
  EXPECT_NO_THROW(planned({normalisation(forward)}));
  EXPECT_NO_THROW(planned({normalisation_gradient({.mode = NormMode::batch,
                                                   .x = image(1),
                                                   .dy = image(2),
                                                   .scale = numbers(3, 256),
                                                   .mean = numbers(4, 256),
                                                   .inverse_deviation = numbers(5, 256),
                                                   .dx = image(6),
                                                   .dscale = numbers(7, 256),
                                                   .dshift = numbers(8, 256)})}));
}

TEST_P(TrainingPlans, OfLayerNormBothWaysAreThere) {
  const std::int64_t rows = 8192, width = 768;
  const auto row = [&](std::int64_t id) {
    return in_memory(id, DataType::bf16, {rows, width, 1, 1}, {width, 1, width, width});
  };
  const auto by_row = [&](std::int64_t id) { return in_memory(id, DataType::f32, {rows, 1, 1, 1}, {1, 1, 1, 1}); };
  EXPECT_NO_THROW(planned({normalisation({.mode = NormMode::layer,
                                          .x = row(1),
                                          .scale = numbers(2, width),
                                          .shift = numbers(3, width),
                                          .epsilon = by_value(4),
                                          .mean = by_row(5),
                                          .inverse_deviation = by_row(6),
                                          .y = row(7)})}));
  EXPECT_NO_THROW(planned({normalisation_gradient({.mode = NormMode::layer,
                                                   .x = row(1),
                                                   .dy = row(2),
                                                   .scale = numbers(3, width),
                                                   .mean = by_row(4),
                                                   .inverse_deviation = by_row(5),
                                                   .dx = row(6),
                                                   .dscale = numbers(7, width),
                                                   .dshift = numbers(8, width)})}));
}

TEST_P(TrainingPlans, OfSizesThatDoNotFitIsRefusedWithWhatCudnnSays) {
  const Tensor x = in_memory(1, DataType::bf16, {16, 64, 56, 56}, channels_last({16, 64, 56, 56}));
  const Tensor w = in_memory(2, DataType::bf16, {64, 64, 3, 3}, channels_last({64, 64, 3, 3}));
  const Tensor y = in_memory(3, DataType::bf16, {16, 64, 28, 56}, channels_last({16, 64, 28, 56}));
  try {
    (void)convolution_forward({.padding = 1}, x, w, y);
    ADD_FAILURE() << "taken";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("convolution forward"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("BAD_PARAM"), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(Gpus, TrainingPlans, testing::Values("sm_80", "sm_90"), [](const auto& info) {
  return info.param;
});

}  // namespace
}  // namespace gpubench::cudnn
