#include "reports/compare/comparison.hpp"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/compare/json.hpp"
#include "reports/compare/tables.hpp"
#include "reports/schema_problems.hpp"
#include "tests/reports/compare/example_nodes.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

std::vector<example::Told> a100_cases() {
  return {
      example::gemm(260), example::triad(1760), example::training("tf32", 1000), example::training("amp-fp16", 2500)};
}
std::vector<example::Told> h100_cases() {
  return {
      example::gemm(720), example::triad(2900), example::training("tf32", 1900), example::training("amp-fp16", 3800)};
}

Comparison of_nodes(int gpus, int launches) {
  return compare(example::side_of(example::run_of(example::a100_node(gpus, launches), a100_cases())),
                 example::side_of(example::run_of(example::h100_node(gpus, launches), h100_cases())));
}

void expect_schema(const Comparison& comparison) {
  EXPECT_EQ(schema_problems(to_json(comparison), compare_schema()), std::vector<std::string>{});
}

TEST(Comparison, FollowsItsSchemaWhateverIsCompared) {
  expect_schema(of_nodes(1, 1));
  expect_schema(of_nodes(8, 3));
  expect_schema(compare(side_of(*find_reference("a100_sxm4_80gb")), side_of(*find_reference("h100_sxm5_80gb"))));
  expect_schema(compare(example::side_of(example::run_of(example::h100_node(), h100_cases())),
                        side_of(*find_reference("h100_sxm5_80gb"))));
}

TEST(Comparison, ASchemaThatIsBrokenIsSeen) {
  Json json = to_json(of_nodes(1, 1));
  json["rows"][0]["why_not"] = "it has a ratio all the same";
  EXPECT_FALSE(schema_problems(json, compare_schema()).empty());
}

TEST(Comparison, TheIntervalSaysWhatItIsOver) {
  EXPECT_EQ(of_nodes(1, 2).rows[0].over, SideRatio::Over::none);
  EXPECT_THAT(of_nodes(1, 2).rows[0].why_no_interval, HasSubstr("A has 2 launches, 1 device"));
  const Comparison launches = of_nodes(1, 5), devices = of_nodes(8, 3);
  EXPECT_EQ(launches.rows[0].over, SideRatio::Over::launches);
  EXPECT_EQ(launches.rows[0].n_b, 5);
  EXPECT_EQ(devices.rows[0].over, SideRatio::Over::devices);
  EXPECT_EQ(devices.rows[0].n_a, 8);
  for (const Comparison* told : {&launches, &devices})
    for (const ComparedRow& row : told->rows) {
      ASSERT_TRUE(row.interval) << row.name;
      EXPECT_LT(row.interval->low, *row.ratio);
      EXPECT_GT(row.interval->high, *row.ratio);
    }
}

TEST(Comparison, IsNormalisedByPeakBandwidthAndWatt) {
  const ComparedRow gemm = of_nodes(1, 1).rows[0];
  ASSERT_TRUE(gemm.normalised.peak && gemm.normalised.bandwidth && gemm.normalised.watt);
  EXPECT_NEAR(gemm.normalised.peak->a, 260 / 312.0, 1e-9);
  EXPECT_NEAR(gemm.normalised.peak->b, 720 / 989.4, 1e-9);
  EXPECT_EQ(gemm.normalised.peak->unit, "share");
  EXPECT_NEAR(gemm.normalised.watt->a, 260 / 400.0, 1e-9);
  EXPECT_EQ(gemm.normalised.watt->from, "TDP");
  const ComparedRow triad = of_nodes(1, 1).rows[1];
  EXPECT_FALSE(triad.normalised.peak);
  EXPECT_NEAR(triad.normalised.bandwidth->ratio, (2900 / 3350.0) / (1760 / 2039.0), 1e-9);
  const ComparedRow training = of_nodes(1, 1).rows[3];
  EXPECT_EQ(training.normalised.peak->unit, "images/s per TFLOP/s");
  EXPECT_NEAR(training.normalised.peak->a, 2500 / 312.0, 1e-9);
}

TEST(Comparison, PowerThatWasMeasuredGoesBeforeTheTdp) {
  example::Told a = example::gemm(260), b = example::gemm(720);
  a.watts = 390;
  const auto told = compare(example::side_of(example::run_of(example::a100_node(), {a})),
                            example::side_of(example::run_of(example::h100_node(), {b})));
  EXPECT_NEAR(told.rows[0].normalised.watt->a, 260 / 390.0, 1e-9);
  EXPECT_EQ(told.rows[0].normalised.watt->from, "A: measured power, B: TDP");
}

TEST(Comparison, SaysWhatLimitsEachSide) {
  const Comparison told = of_nodes(1, 1);
  EXPECT_EQ(told.rows[0].limiter_a, "compute");
  EXPECT_EQ(told.rows[1].limiter_b, "memory");
  EXPECT_EQ(told.rows[2].limiter_a, "") << "nobody knows what a step without parts waits for";
  Side capped = example::side_of(example::run_of(example::h100_node(), {example::gemm(720)}));
  capped.cases[0].beside[0].power_cap_share = 0.4F;
  EXPECT_EQ(limiter_of(capped, capped.cases[0], 720), "power cap");
}

TEST(Comparison, AmpIsSetAgainstFp32OnBothSides) {
  const Comparison told = of_nodes(1, 1);
  ASSERT_EQ(told.gains.size(), 1U);
  const ModeGain& gain = told.gains[0];
  EXPECT_EQ(gain.mode, "amp-fp16");
  EXPECT_EQ(gain.over, "tf32");
  EXPECT_NEAR(*gain.a, 2.5, 1e-9);
  EXPECT_NEAR(*gain.b, 2.0, 1e-9);
  EXPECT_NEAR(*gain.ratio, 0.8, 1e-9);
  EXPECT_NEAR(*gain.peak_a, 2.0, 1e-9);
}

TEST(Comparison, TheAnswerComesFirst) {
  const std::string text = comparison_text(of_nodes(1, 5), 100);
  const std::string first = text.substr(0, text.find('\n'));
  EXPECT_THAT(first, HasSubstr("1 x NVIDIA H100 80GB HBM3 is 1.9"));
  EXPECT_THAT(text, HasSubstr("over 5 and 5 launches"));
  EXPECT_THAT(text, HasSubstr("AMP gains 2.50x over tf32 on A and 2.00x on B"));
  EXPECT_THAT(text, HasSubstr("compared 4, not comparable 0, only in A 0, only in B 0"));
}

TEST(Comparison, NoLineIsWiderThanTheScreen) {
  for (const std::size_t width : {80U, 100U, 120U}) {
    std::istringstream lines(comparison_text(of_nodes(8, 3), width));
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(std::ranges::count_if(line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }),
                static_cast<std::ptrdiff_t>(width))
          << line;
  }
}

TEST(Comparison, MarkdownEscapesWhatATableWouldTakeForItsOwn) {
  Comparison told = of_nodes(1, 1);
  told.remarks.push_back("a|b*c");
  EXPECT_THAT(comparison_markdown(told), HasSubstr("a\\|b\\*c"));
  EXPECT_THAT(comparison_markdown(told), HasSubstr("| level |"));
}

TEST(Comparison, TheEnvironmentNamesTheLikelyCausesFirst) {
  example::Node node = example::a100_node();
  node.power_limit = 300;
  node.driver = "535.129.03";
  const auto told = compare(example::side_of(example::run_of(example::a100_node(), {example::gemm(260)})),
                            example::side_of(example::run_of(node, {example::gemm(230)})));
  ASSERT_EQ(told.environment.size(), 2U);
  EXPECT_EQ(told.environment[0].what, "power limit");
  EXPECT_EQ(told.environment[0].b, "300 W");
  EXPECT_EQ(told.environment[1].what, "driver");
}

TEST(Comparison, APlanThatDiffersIsTold) {
  gpubench::Run a = example::run_of(example::a100_node(), {example::gemm(260)}), b = a;
  a.results[0].plan = {{"algorithm", "17"}};
  b.results[0].plan = {{"algorithm", "18"}};
  const auto told = compare(example::side_of(a), example::side_of(b));
  ASSERT_EQ(told.environment.size(), 1U);
  EXPECT_EQ(told.environment[0].what, "plan of gemm/bf16/m4096n4096k4096/nt/hot/cublaslt: algorithm");
}

}  // namespace
}  // namespace gpubench
