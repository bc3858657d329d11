#include "reports/compare/pairs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare/case_key.hpp"
#include "reports/compare/comparison.hpp"
#include "tests/reports/compare/example_nodes.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

Comparison compared(const std::vector<example::Told>& a, const std::vector<example::Told>& b) {
  return compare(example::side_of(example::run_of(example::a100_node(), a)),
                 example::side_of(example::run_of(example::h100_node(), b)));
}

TEST(CaseKey, AProblemIsANameWithoutImplementationAndBatch) {
  const auto expect = [](const std::string& name, const std::string& problem, int batch) {
    EXPECT_EQ(problem_of(name).problem, problem);
    EXPECT_EQ(problem_of(name).batch, batch);
  };
  expect("train/resnet50/amp-bf16/b16/d1/onednn", "train/resnet50/amp-bf16/d1", 16);
  expect("train/gpt2/fp32/b2s256/d1/onednn", "train/gpt2/fp32/s256/d1", 2);
  expect("train/bert/bf16/b8/d1/pytorch", "train/bert/bf16/d1", 8);  // bf16 is no batch
  expect("conv/bf16/fprop/n16c64h56k64r3s1/cudnn", "conv/bf16/fprop/c64h56k64r3s1", 16);
  expect("gemm/bf16/m4096n4096k4096/nt/hot/cublaslt", "gemm/bf16/m4096n4096k4096/nt/hot", 0);
}

TEST(CaseKey, UnitsAreThoseOfReferences) {
  EXPECT_EQ(unit_of_key("flops_per_second").unit, "TFLOP/s");
  EXPECT_EQ(unit_of_key("busbw_bytes_per_second").unit, "GB/s");
  EXPECT_EQ(unit_of_key("images_per_second").unit, "images/s");
  EXPECT_EQ(unit_of_key("seconds_per_launch").unit, "µs");
  EXPECT_FALSE(unit_of_key("seconds_per_launch").higher_is_better);
  EXPECT_FALSE(unit_of_key("").higher_is_better);
  EXPECT_EQ(key_of_figure("train.resnet50.fp32.images_per_second.d1", {"epoch_seconds", "images_per_second"}),
            "images_per_second");
}

TEST(Pairs, TheSameNameIsTheSameCase) {
  const Comparison told =
      compared({example::gemm(260), example::triad(1760)}, {example::triad(2900), example::gemm(720)});
  ASSERT_EQ(told.rows.size(), 2U);
  EXPECT_EQ(told.rows[0].level, Level::same_case);
  EXPECT_NEAR(*told.rows[0].ratio, 720.0 / 260, 1e-12);
  EXPECT_EQ(told.rows[0].unit, "TFLOP/s");
  EXPECT_NEAR(*told.rows[1].a, 1760, 1e-9);
  EXPECT_TRUE(told.only_a.empty() && told.only_b.empty());
}

TEST(Pairs, AnotherImplementationOrBatchIsTheSameProblem) {
  const Comparison told =
      compared({example::gemm(260), example::training("amp-fp16", 2500, 256)},
               {example::gemm(600, "gpubench"), example::training("amp-fp16", 4000, 512, "pytorch")});
  ASSERT_EQ(told.rows.size(), 2U);
  for (const ComparedRow& row : told.rows) {
    EXPECT_EQ(row.level, Level::same_problem) << row.name;
    EXPECT_TRUE(row.ratio) << row.why_not;
  }
  EXPECT_EQ(told.rows[1].name_b, "train/resnet50/amp-fp16/b512/d1/pytorch");
}

TEST(Pairs, TwoImplementationsAgainstOneAreTwoRows) {
  const Comparison told = compared({example::gemm(260), example::gemm(200, "gpubench")}, {example::gemm(720)});
  ASSERT_EQ(told.rows.size(), 2U);
  EXPECT_EQ(told.rows[0].level, Level::same_case);
  EXPECT_EQ(told.rows[1].level, Level::same_problem);
  EXPECT_NEAR(*told.rows[1].ratio, 720.0 / 200, 1e-12);
  const Comparison turned = compared({example::gemm(720)}, {example::gemm(260), example::gemm(200, "gpubench")});
  ASSERT_EQ(turned.rows.size(), 2U);
  EXPECT_NEAR(*turned.rows[1].ratio, 200.0 / 720, 1e-12);
}

TEST(Pairs, NothingIsDroppedWithoutAWord) {
  const Comparison told =
      compared({example::gemm(260), example::training("fp32", 400)}, {example::gemm(720), example::triad(2900)});
  ASSERT_EQ(told.only_a.size(), 1U);
  EXPECT_EQ(told.only_a[0].name, "train/resnet50/fp32/b256/d1/cudnn");
  ASSERT_EQ(told.only_b.size(), 1U);
  EXPECT_NEAR(*told.only_b[0].of_peak, 2900 / 3350.0, 1e-9);
}

TEST(Pairs, WhatDiffersInMethodCacheOrWorkIsNotComparedAndSaysWhy) {
  example::Told method = example::gemm(720), cache = example::gemm(720), work = example::gemm(720);
  method.method = 2;
  cache.cache = "cold";
  work.work.flops *= 2;
  const auto why = [](const example::Told& b) {
    const Comparison told = compared({example::gemm(260)}, {b});
    EXPECT_EQ(told.rows.size(), 1U);
    EXPECT_FALSE(told.rows[0].ratio);
    EXPECT_EQ(told.compared(), 0);
    return told.rows[0].why_not;
  };
  EXPECT_EQ(why(method), "method: 1 in A, 2 in B");
  EXPECT_EQ(why(cache), "cache: rotated in A, cold in B");
  EXPECT_THAT(why(work), HasSubstr("work: 1.37439e+11 FLOP in A, 2.74878e+11 FLOP in B"));
}

TEST(Pairs, OfTwoMethodsTheOneThatBothHaveIsCompared) {
  example::Told newer = example::gemm(300);
  newer.method = 2;
  const Comparison told = compared({example::gemm(260), newer}, {[] {
                                     example::Told b = example::gemm(720);
                                     b.method = 2;
                                     return b;
                                   }()});
  ASSERT_EQ(told.rows.size(), 2U);
  EXPECT_NEAR(*told.rows[0].a, 300, 1e-9);
  EXPECT_EQ(told.rows[1].why_not, "method: 1 in A, 2 in B");
}

TEST(Pairs, AnotherModeIsNotComparable) {
  const Comparison told = compared({example::training("amp-fp16", 2500)}, {example::training("amp-bf16", 4000)});
  ASSERT_EQ(told.rows.size(), 1U);
  EXPECT_EQ(told.rows[0].why_not, "mode: amp-fp16 in A, amp-bf16 in B");
}

TEST(Pairs, AnotherDigestExcludesNothing) {
  const Comparison told = compared({example::gemm(260)}, {example::gemm(720)});
  EXPECT_TRUE(told.rows[0].ratio);
  EXPECT_EQ(told.environment.back().what, "digest");
}

TEST(Pairs, WhatDidNotRunIsARowWithItsReason) {
  gpubench::Run run = example::run_of(example::h100_node(), {});
  run.results.push_back(example::not_run(example::gemm(0), Status::unsupported, "no such library"));
  const Comparison told =
      compare(example::side_of(example::run_of(example::a100_node(), {example::gemm(260)})), example::side_of(run));
  ASSERT_EQ(told.rows.size(), 1U);
  EXPECT_EQ(told.rows[0].why_not, "no value in B (unsupported: no such library)");
  EXPECT_NEAR(*told.rows[0].a, 260, 1e-9);
}

}  // namespace
}  // namespace gpubench
