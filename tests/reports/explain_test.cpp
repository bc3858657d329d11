#include "reports/explain.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "reports/columns.hpp"
#include "reports/table.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The example's step with the work of every part filled in: bf16 moves half the bytes.
CaseResult worked(CaseResult row) {
  const double bytes = row.precision == "fp32" ? 1 : 0.5;
  for (Part& part : row.parts) {
    if (part.kind == "convolution") part.work = {1.3e11, bytes * 1.8e9};
    if (part.kind == "batch norm") part.work = {0, bytes * (part.pass == "forward" ? 1.4e9 : 2.8e9)};
    if (part.kind == "relu") part.work = {0, bytes * 1.1e9};
  }
  return row;
}

CaseResult step(std::vector<Part> parts, Ceiling ceiling, double seconds = 1) {
  return {.precision = "fp32",
          .status = Status::ok,
          .median_seconds = seconds,
          .parts = std::move(parts),
          .ceiling = std::move(ceiling)};
}

constexpr double tera = 1e12, giga = 1e9;

Ceiling ceiling() { return {.flops_per_second = tera, .bytes_per_second = 10 * giga, .precision = "fp32", .by = "x"}; }

/// The line of the table that begins with the part's name.
std::string line_of(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.find("    " + part) == 0) return line;
  return {};
}

TEST(Explain, TwoModesAreTheGoldenOnes) {
  gpubench::Run run = example::two_modes();
  for (CaseResult& row : run.results) row = worked(row);
  expect_golden(text_of(run, 47.2, "run.json", true), "explain.txt");
}

TEST(Explain, WithoutExplainNothingIsBrokenDown) {
  EXPECT_THAT(text_of(example::two_modes(), 47.2, "run.json"), Not(HasSubstr("Where the")));
}

TEST(Explain, TheBoundIsTheLargerOfComputeAndMemory) {
  const CaseResult row = step({{.kind = "dense", .seconds = 1, .work = {2e11, 1e9}},  // 0.2 s against 0.1 s
                               {.kind = "light", .seconds = 1, .work = {1e11, 3e9}},  // 0.1 s against 0.3 s
                               {.kind = "copy", .seconds = 1, .work = {0, 4e9}}},     // 0.4 s
                              ceiling(),
                              3);
  const std::string text = explanation(row, nullptr, "fp32");
  EXPECT_THAT(line_of(text, "dense"), HasSubstr("200 ms  compute         5.0"));
  EXPECT_THAT(line_of(text, "light"), HasSubstr("300 ms  memory          3.3"));
  EXPECT_THAT(line_of(text, "copy"), HasSubstr("400 ms  memory          2.5"));
  EXPECT_THAT(text, HasSubstr("The bounds add up to 900 ms (compute 200 ms, memory 700 ms): the step takes 3.3 times"));
}

TEST(Explain, TheSumOfThePartsIsHeldAgainstTheStep) {
  const std::vector<Part> parts = {{.kind = "a", .seconds = 0.6, .work = {0, 1e9}}};
  EXPECT_THAT(explanation(step(parts, ceiling(), 0.5), nullptr, "fp32"),
              HasSubstr("add up to 600 ms, 20.0 % more than the step of 500 ms"));
  EXPECT_THAT(explanation(step(parts, ceiling(), 0.8), nullptr, "fp32"),
              HasSubstr("add up to 600 ms, 25.0 % less than the step of 800 ms"));
}

TEST(Explain, GainsAreTakenByKindAndPass) {
  const CaseResult fp32 = step({{.kind = "convolution", .pass = "forward", .seconds = 0.6},
                                {.kind = "convolution", .pass = "data gradient", .seconds = 0.9}},
                               ceiling());
  const CaseResult amp = step({{.kind = "convolution", .pass = "data gradient", .seconds = 0.3},
                               {.kind = "convolution", .pass = "forward", .seconds = 0.1},
                               {.kind = "reorder", .pass = "forward", .seconds = 0.05}},
                              ceiling());
  const std::string text = explanation(amp, &fp32, "amp-bf16");
  EXPECT_THAT(text, HasSubstr("vs fp32\n"));
  EXPECT_THAT(line_of(text, "convolution  forward"), ::testing::EndsWith("6.00"));
  EXPECT_THAT(line_of(text, "convolution  data gradient"), ::testing::EndsWith("3.00"));
  EXPECT_THAT(line_of(text, "reorder"), ::testing::EndsWith("%"));  // fp32 has none: no gain
  EXPECT_THAT(explanation(fp32, nullptr, "fp32"), Not(HasSubstr("vs fp32")));
}

TEST(Explain, WithoutACeilingTheTableStaysAndItIsSaid) {
  CaseResult row = worked(example::trained("fp32", 1.571));
  row.ceiling.reset();
  const std::string text = explanation(row, nullptr, "fp32");
  EXPECT_THAT(text, HasSubstr("No bounds: the ceilings of this device were not measured."));
  EXPECT_THAT(text, Not(HasSubstr("time/bound")));
  EXPECT_THAT(line_of(text, "batch norm   backward"), HasSubstr("120 ms"));
}

TEST(Explain, HalfACeilingBoundsOnlyWhatItKnows) {
  Ceiling half = ceiling();
  half.flops_per_second = 0;
  const CaseResult row =
      step({{.kind = "dense", .seconds = 0.9, .work = {2e11, 1e9}}, {.kind = "copy", .seconds = 0.1, .work = {0, 1e8}}},
           half);
  const std::string text = explanation(row, nullptr, "fp32");
  EXPECT_THAT(line_of(text, "dense"), ::testing::EndsWith("90.0 %"));
  EXPECT_THAT(text, HasSubstr("The bounds that are known add up to 10.0 ms"));
  EXPECT_THAT(text, HasSubstr("Bounds: not measured fp32 for compute, 10.0 GB/s for memory (x)."));
}

TEST(Explain, ATimeBelowItsBoundIsExplained) {
  const std::string cache = "came from the caches";
  const auto told = [](double seconds) {
    return explanation(step({{.kind = "relu", .seconds = seconds, .work = {0, 1e9}}}, ceiling()), nullptr, "fp32");
  };
  EXPECT_THAT(told(0.09), HasSubstr(cache));
  EXPECT_THAT(told(0.11), Not(HasSubstr(cache)));
}

TEST(Explain, PartsThatWereContendedSaySo) {
  CaseResult row = step({{.kind = "relu", .seconds = 1, .work = {0, 1e9}}}, ceiling());
  row.telemetry["others_cpu_share"] = 0.9;  // of the step: its label is in the table
  row.telemetry["parts_others_cpu_share"] = 0.04;
  EXPECT_THAT(explanation(row, nullptr, "fp32"), Not(HasSubstr("Contended")));
  row.telemetry["parts_others_cpu_share"] = 0.12;
  EXPECT_THAT(explanation(row, nullptr, "fp32"), HasSubstr("Contended: others used 12 % of the CPU while the parts"));
}

TEST(Explain, ARowWithoutPartsSaysSo) {
  EXPECT_THAT(explanation(step({}, ceiling()), nullptr, "fp32"),
              HasSubstr("Where the fp32 step goes: not known, its implementation does not tell its parts.\n"));
}

TEST(Explain, OfSeveralLaunchesItSaysWhich) {
  EXPECT_THAT(text_of(example::launches(3), 47.2, "run.json", true),
              HasSubstr("Where the amp-bf16 step goes, launch 1 of 3\n"));
}

TEST(Explain, NoLineIsWiderThanATerminal) {
  gpubench::Run run = example::two_modes();
  for (CaseResult& row : run.results) {
    row = worked(row);
    if (row.ceiling)
      row.ceiling->by = "tiles of a long name in so and so many threads; the triad of three large arrays";
  }
  std::istringstream lines(text_of(run, 47.2, "run.json", true));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(width_of(line), 110U) << line;
}

}  // namespace
}  // namespace gpubench
