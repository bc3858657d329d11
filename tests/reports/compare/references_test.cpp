#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare/comparison.hpp"
#include "tests/reports/compare/example_nodes.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

Comparison a100_against_h100() {
  return compare(side_of(*find_reference("a100_sxm4_80gb")), side_of(*find_reference("h100_sxm5_80gb")));
}

const ComparedRow* row_of(const Comparison& comparison, const std::string& figure, const std::string& source) {
  for (const ComparedRow& row : comparison.rows)
    if (row.figure == figure && row.source == source) return &row;
  return nullptr;
}

TEST(References, APairIsFormedWithinOneSource) {
  const Comparison told = a100_against_h100();
  const ComparedRow* row = row_of(told, "train.resnet50.tf32.images_per_second.d1", "lambdal/deeplearning-benchmark");
  ASSERT_NE(row, nullptr);
  EXPECT_DOUBLE_EQ(*row->a, 1066);
  EXPECT_EQ(row->level, Level::same_figure);
  for (const ComparedRow& one : told.rows) EXPECT_TRUE(!one.ratio || !one.source.empty());
  EXPECT_GT(told.compared(), 60);
}

TEST(References, OfSeveralValuesTheMedianWithNumberAndRange) {
  const Comparison told = a100_against_h100();
  const ComparedRow* row =
      row_of(told, "train.resnet50.amp-fp16.images_per_second.d1", "lambdal/deeplearning-benchmark");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->n_a, 1);
  EXPECT_EQ(row->n_b, 3);  // 2616, 2790, 2791
  EXPECT_DOUBLE_EQ(*row->b, 2790);
  EXPECT_DOUBLE_EQ(row->range_b->low, 2616);
  EXPECT_DOUBLE_EQ(row->range_b->high, 2791);
  EXPECT_FALSE(row->range_a);
  EXPECT_FALSE(row->interval);
}

TEST(References, AFigureOfTwoSourcesIsNotAPair) {
  const Comparison told = a100_against_h100();
  const auto found = std::ranges::find_if(
      told.rows, [](const ComparedRow& row) { return row.figure == "allreduce.fp32.8gib.busbw_bytes_per_second.r8"; });
  ASSERT_NE(found, told.rows.end());
  EXPECT_FALSE(found->ratio);
  EXPECT_THAT(found->why_not, HasSubstr("source: "));
}

TEST(References, ADoubtfulPairIsShownAndNotCounted) {
  const Comparison told = a100_against_h100();
  int doubtful = 0, counted = 0;
  for (const ComparedRow& row : told.rows) {
    if (!row.ratio) continue;
    doubtful += row.doubt.empty() ? 0 : 1;
    const bool speed = row.unit != "%" && row.unit != "x" && row.figure.find("epoch_seconds") == std::string::npos;
    counted += row.doubt.empty() && speed ? 1 : 0;
  }
  EXPECT_GT(doubtful, 5);
  EXPECT_EQ(told.summary.front().rows, counted);
  int kinds = 0;
  for (std::size_t i = 1; i < told.summary.size(); ++i) kinds += told.summary[i].rows;
  EXPECT_EQ(kinds, counted);
}

TEST(References, DatasheetRatiosAreATableOfTheirOwn) {
  const Comparison told = a100_against_h100();
  const auto sheet = [&](const std::string& figure) {
    return *std::ranges::find(told.datasheet, figure, &SheetRow::figure)->ratio;
  };
  EXPECT_NEAR(sheet("peak_bf16"), 989.4 / 312, 1e-12);
  EXPECT_NEAR(sheet("memory_bandwidth"), 3350 / 2039.0, 1e-12);
  EXPECT_NEAR(sheet("tdp"), 1.75, 1e-12);
  const auto fp8 = std::ranges::find(told.datasheet, "peak_fp8", &SheetRow::figure);
  ASSERT_NE(fp8, told.datasheet.end());
  EXPECT_FALSE(fp8->a);
}

TEST(References, ATotalOfEightGpusIsNormalisedByEight) {
  const Comparison told = a100_against_h100();
  const ComparedRow* row = row_of(told, "train.resnet50.tf32.images_per_second.d8", "lambdal/deeplearning-benchmark");
  ASSERT_NE(row, nullptr);
  ASSERT_TRUE(row->normalised.watt);
  EXPECT_NEAR(row->normalised.watt->a, 7397 / 8.0 / 400, 1e-9);
}

TEST(References, ARunIsSetAgainstAllThatIsPublishedOfItsFigure) {
  const Side run = example::side_of(
      example::run_of(example::a100_node(), {example::training("amp-fp16", 2500), example::gemm(260)}));
  const Comparison told = compare(run, side_of(*find_reference("a100_sxm4_80gb")));
  ASSERT_EQ(told.compared(), 1);
  const ComparedRow& row = told.rows.front();
  EXPECT_EQ(row.level, Level::same_figure);
  EXPECT_DOUBLE_EQ(*row.a, 2500);
  EXPECT_EQ(row.n_b, 4);  // PyTorch 2470, MXNet 3411, Paddle 2897, Lambda 1582
  EXPECT_DOUBLE_EQ(*row.b, (2470 + 2897) / 2.0);
  EXPECT_THAT(row.source, HasSubstr("NVIDIA/DeepLearningExamples; lambdal/deeplearning-benchmark"));
  EXPECT_EQ(row.why_no_interval, "a published figure tells no launches");
  ASSERT_EQ(told.only_a.size(), 1U);
  EXPECT_NEAR(*told.only_a[0].of_peak, 260 / 312.0, 1e-9);
}

TEST(References, TheGainOfARunIsSetAgainstThatOfAllSources) {
  const Side run = example::side_of(
      example::run_of(example::a100_node(), {example::training("amp-fp16", 2500), example::training("tf32", 1000)}));
  const Comparison told = compare(run, side_of(*find_reference("a100_sxm4_80gb")));
  ASSERT_EQ(told.gains.size(), 1U);
  EXPECT_NEAR(*told.gains[0].a, 2.5, 1e-9);
  // PyTorch 2470/938, MXNet 3411/1056, Paddle 2897/1024, Lambda 1582/1066
  EXPECT_NEAR(*told.gains[0].b, (2470 / 938.0 + 2897 / 1024.0) / 2, 1e-9);
  EXPECT_EQ(told.gains[0].by, "A: cudnn, B: median of 4 published");
}

TEST(References, ClaimsAreComparedWithNothing) {
  for (const Reference& reference : references())
    for (const SideCase& one : side_of(reference).cases) EXPECT_THAT(one.source, ::testing::Not(HasSubstr("article")));
}

}  // namespace
}  // namespace gpubench
