#include "suites/models/gpt2.hpp"

#include <gtest/gtest.h>

#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/step_plan.hpp"

namespace gpubench {
namespace {

using namespace training;

TEST(Gpt2, HasThePublishedNumberOfParameters) {
  oracle::OracleLayers layers;
  std::int64_t parameters = 0;
  for (const Parameter& parameter : plan_step(gpt2(Mode::fp32, 1, 8), layers).parameters)
    parameters += elements(parameter.shape);
  EXPECT_EQ(parameters, 124439808);  // the released model's, Hugging Face's gpt2
}

TEST(Gpt2, DoesSixOperationsForEachWeightAndToken) {
  const Network network = gpt2(Mode::fp32, 2, 256);
  const double weights = 12.0 * 12 * 768 * 768 + 50257.0 * 768;  // of the matrix products
  const double attention = 12.0 * 6 * 2 * 2 * 12 * 64 * (256.0 * 257 / 2);
  EXPECT_DOUBLE_EQ(network.work().flops, 6 * weights * 512 + attention);
}

TEST(Gpt2, IsNamedByItsBatchAndSequence) {
  EXPECT_EQ(gpt2(Mode::amp_bf16, 2, 256).name(), "train/gpt2/amp-bf16/b2s256/d1");
  CaseResult row;
  gpt2(Mode::fp32, 2, 256).describe(row);
  EXPECT_EQ(row.figure, "train.gpt2.fp32.tokens_per_second.d1");
  EXPECT_EQ(row.group, "GPT-2 124M · 2 x 256 tokens · AdamW");
}

}  // namespace
}  // namespace gpubench
