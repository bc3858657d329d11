#include "reports/json.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

std::string complaint_about(const Json& row) {
  try {
    row_from_json(row, "/benchmarks/3");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "nothing";
}

TEST(Json, ARowThatRanIsTheGoldenOne) {
  expect_golden(to_json(example::trained("amp-bf16", 0.779)).dump(2) + "\n", "row.json");
}

TEST(Json, ARowThatDidNotRunIsTheGoldenOne) {
  const CaseResult row = example::without_time("tf32", Status::unsupported, "this CPU has no TF32");
  expect_golden(to_json(row).dump(2) + "\n", "row_unsupported.json");
}

TEST(Json, EveryFieldOfARowSurvives) {
  CaseResult row = example::trained("amp-bf16", 0.779);
  row.name += "@cuda:1";
  row.device = "cuda:1";
  row.method = 3;
  row.launch = 2;
  row.launches = 5;
  row.finding = Finding{.verdict = "degraded", .reason = "thermal slowdown"};
  row.labels = {"contended: others used 12 % of the CPU"};
  row.runs_per_sample = 7;
  row.verification->mismatch = "element 3";
  row.parity->mismatch = "cosine below 0.99";
  row.parity->not_checked = "no fp32 here";
  row.input.seed = std::numeric_limits<std::uint64_t>::max();
  const CaseResult read = row_from_json(to_json(row));
  EXPECT_EQ(read.run_name, row.run_name);
  EXPECT_EQ(read.name, row.name);
  EXPECT_EQ(read.launch, 2);
  EXPECT_EQ(read.launches, 5);
  EXPECT_EQ(read.figures, row.figures);
  EXPECT_EQ(read.input.seed, row.input.seed);
  EXPECT_DOUBLE_EQ(read.cpu_seconds, row.cpu_seconds);
  EXPECT_EQ(to_json(read), to_json(row));  // all that is written is read: the rest is compared as JSON
}

TEST(Json, EveryFieldOfAContextSurvives) {
  const Json json = to_json(example::context());
  EXPECT_EQ(to_json(context_from_json(json)), json);
  EXPECT_EQ(context_from_json(json).host.caches.at(0).bytes, 49152);
  EXPECT_EQ(context_from_json(json).devices.at(0).libraries.at(0).path, "/usr/lib/libdnnl.so.2");
}

TEST(Json, ARunSurvivesWithWhetherItIsComplete) {
  gpubench::Run run = example::two_modes();
  run.complete = false;
  const gpubench::Run read = run_from_json(to_json(run));
  EXPECT_FALSE(read.complete);
  EXPECT_EQ(to_json(read), to_json(run));
}

TEST(Json, ACaseOfSeveralLaunchesIsOneFamily) {
  gpubench::Run run = example::two_modes();
  run.results.push_back(run.results.front());
  run.results.back().launch = 1;
  const Json json = to_json(run);
  EXPECT_EQ(json["benchmarks"][3]["family_index"], 3);
  EXPECT_EQ(json["benchmarks"][4]["family_index"], 0);
}

TEST(Json, EveryStatusSurvives) {
  for (const Status status : all_statuses) {
    CaseResult row = example::without_time("tf32", status, "why");
    row.status = status;
    EXPECT_EQ(row_from_json(to_json(row)).status, status) << name(status);
  }
}

TEST(Json, AWrongAnswerIsWrittenWithoutItsTime) {
  CaseResult row = example::trained("amp-bf16", 0.779);
  row.status = Status::wrong_result;
  row.reason = "batch norm differs";
  const Json json = to_json(row);
  EXPECT_EQ(json["real_time"], 0);
  EXPECT_EQ(json["cpu_time"], 0);
  EXPECT_EQ(json["iterations"], 0);
  EXPECT_FALSE(json.contains("images_per_second"));
  EXPECT_TRUE(json["gpubench"]["samples_seconds"].empty());
  EXPECT_TRUE(json["gpubench"]["median_seconds"].is_null());
  EXPECT_TRUE(json["gpubench"]["epoch"].is_null());
  EXPECT_EQ(json["error_message"], "wrong_result: batch norm differs");
}

TEST(Json, SamplesBeyondAThousandAreThinnedEvenlyAndCounted) {
  CaseResult row = example::trained("fp32", 1);
  row.samples_seconds.resize(4001);
  for (std::size_t i = 0; i < row.samples_seconds.size(); ++i) row.samples_seconds[i] = static_cast<double>(i);
  row.samples_taken = 4001;
  const Json json = to_json(row);
  const Json& samples = json["gpubench"]["samples_seconds"];
  ASSERT_EQ(samples.size(), 1000);
  EXPECT_EQ(samples.front(), 0);
  EXPECT_EQ(samples.back(), 4000);
  for (std::size_t i = 1; i < samples.size(); ++i) {
    const double step = samples[i].get<double>() - samples[i - 1].get<double>();
    EXPECT_TRUE(step == 4 || step == 5) << i << ": " << step;
  }
  EXPECT_EQ(json["gpubench"]["samples_taken"], 4001);
  EXPECT_EQ(json["iterations"], 4001);
}

TEST(Json, ANumberThatIsNotFiniteIsNullAndALabelSaysSo) {
  CaseResult row = example::trained("fp32", 1);
  row.telemetry["power"] = no_number;
  row.figures[0].second = std::numeric_limits<double>::infinity();
  row.verification->error = no_number;
  const Json json = to_json(row);
  EXPECT_TRUE(json["gpubench"]["telemetry"]["power"].is_null());
  EXPECT_TRUE(json["images_per_second"].is_null());
  const Json labels = {"not a finite number: images_per_second",
                       "not a finite number: telemetry.power",
                       "not a finite number: verification.error"};
  EXPECT_EQ(json["gpubench"]["labels"], labels);
  const CaseResult read = row_from_json(json);
  EXPECT_TRUE(std::isnan(read.verification->error));  // so that it cannot pass as right
  EXPECT_EQ(to_json(read)["gpubench"]["labels"], labels);
}

TEST(Json, AFigureMayNotHaveTheNameOfAKey) {
  for (const char* key : {"real_time", "peak_memory_bytes", "gpubench", "label", "images_per_second"}) {
    CaseResult row = example::trained("fp32", 1);
    row.figures.emplace_back(key, 1.0);
    EXPECT_THROW(to_json(row), Error) << key;
  }
}

TEST(Json, WhatIsMissingOrOfAnotherTypeIsNamedWithItsPlace) {
  Json row = to_json(example::trained("fp32", 1));
  row["gpubench"]["status"] = 5;
  EXPECT_EQ(complaint_about(row), "/benchmarks/3/gpubench/status: expected text, found a number");
  row["gpubench"]["status"] = "fine";
  EXPECT_EQ(complaint_about(row), "/benchmarks/3/gpubench/status: no such status: fine");
  row["gpubench"]["status"] = "ok";
  row["gpubench"]["parts"][2].erase("seconds");
  EXPECT_EQ(complaint_about(row), "/benchmarks/3/gpubench/parts/2/seconds: missing");
  row.erase("gpubench");
  EXPECT_EQ(complaint_about(row), "/benchmarks/3/gpubench: missing: not a row of gpubench");
  row = Json::array();
  EXPECT_EQ(complaint_about(row), "/benchmarks/3: expected an object, found an array");
}

TEST(Json, CountsOutOfRangeAreRefused) {
  Json row = to_json(example::trained("fp32", 1));
  row["repetitions"] = 5000000000;
  EXPECT_EQ(complaint_about(row), "/benchmarks/3/repetitions: too large");
  row["repetitions"] = 1.5;
  EXPECT_EQ(complaint_about(row), "/benchmarks/3/repetitions: expected a whole number, found a number");
  row["repetitions"] = 1;
  row["gpubench"]["input"]["seed"] = -1;
  EXPECT_EQ(complaint_about(row),
            "/benchmarks/3/gpubench/input/seed: expected a whole number, 0 or more, found a number");
}

TEST(Json, AnotherVersionOfTheSchemaIsRefused) {
  Json context = to_json(example::context());
  context["gpubench"]["schema"] = 2;
  EXPECT_THROW(context_from_json(context), UsageError);
}

TEST(Json, KeysOfANewerWriterAreLeftAlone) {
  Json row = to_json(example::trained("fp32", 1));
  row["gpubench"]["mood"] = "good";
  row["aggregate_name"] = "mean";
  EXPECT_EQ(row_from_json(row).figures.size(), 2);
}

}  // namespace
}  // namespace gpubench
