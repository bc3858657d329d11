#include "reports/history/archive.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/history/nights.hpp"
#include "reports/history/series_key.hpp"
#include "reports/run_file.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/example_nights.hpp"

namespace gpubench {
namespace {

using example::start_of_night;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

bool all_runs(const KeptRun&) { return true; }

/// Names of the nights that runs starting at these hours make.
std::vector<std::string> nights_at(const std::vector<double>& hours, const std::string& other_node = "") {
  Archive archive;
  for (const double hour : hours) {
    gpubench::Run run = example::night_run(0);
    run.context.start = start_of_night(0, hour);
    add(archive, run, "run.json");
  }
  if (!other_node.empty()) {
    gpubench::Run run = example::night_run(0);
    run.context.host.name = other_node;
    add(archive, run, "other.json");
  }
  std::vector<std::string> names;
  for (const Night& night : nights_of(archive)) names.push_back(night.name.substr(6, 5));
  return names;
}

TEST(Nights, ARunWithinTwelveHoursOfTheFirstIsOfTheSameNight) {
  EXPECT_THAT(nights_at({0, 3, 11.99}), ElementsAre("01T02"));
  EXPECT_THAT(nights_at({0, 12}), ElementsAre("01T02", "01T14"));
  // Counted from the first, not from the one before.
  EXPECT_THAT(nights_at({0, 8, 16}), ElementsAre("01T02", "01T18"));
}

TEST(Nights, TheOrderOfFilesDoesNotMatter) { EXPECT_THAT(nights_at({30, 0, 3}), ElementsAre("01T02", "02T08")); }

TEST(Nights, EachNodeHasItsOwn) { EXPECT_THAT(nights_at({0, 3}, "node-i"), ElementsAre("01T02", "01T02")); }

TEST(Archive, ASeriesIsACaseOnADeviceUnderItsLimits) {
  const gpubench::Run run = example::night_run(0);
  const SeriesKey key = series_key(run.context, run.results.front());
  EXPECT_EQ(key.case_name, "gemm/bf16/m4096n4096k4096/nt/hot/cublaslt");
  EXPECT_EQ(key.node, "node-h");
  EXPECT_EQ(key.sku, "h100_sxm5_80gb");
  EXPECT_EQ(key.device, "GPU-h0");
  EXPECT_EQ(key.mig, "");
  EXPECT_EQ(key.power_cap, "700 W");
  EXPECT_EQ(key.clock_policy, "as found");
}

TEST(Archive, ASliceAndAPowerCapAreOtherSeries) {
  gpubench::Run run = example::night_run(0);
  const SeriesKey whole = series_key(run.context, run.results.front());
  run.context.gpus->gpus[0].power_limit_watts = 650;
  EXPECT_EQ(what_cut(whole, series_key(run.context, run.results.front())), "power cap 700 W → 650 W");
  run.context.gpus->gpus[0].sm_clock_application = 1.41e9;
  run.context.devices[0].model += " MIG 1g.10gb";
  EXPECT_EQ(what_cut(whole, series_key(run.context, run.results.front())),
            "MIG whole → 1g.10gb, power cap 700 W → 650 W, clocks as found → SM 1410 MHz");
}

TEST(Archive, TheCpuIsOneDevice) {
  const SeriesKey key = series_key(example::context(), example::trained("fp32", 1.5));
  EXPECT_EQ(key.device, "cpu");
  EXPECT_EQ(key.sku, "Intel(R) Xeon(R) Processor");
}

TEST(Archive, ConditionsAreWhatMayHaveMovedALevel) {
  gpubench::Run run = example::night_run(0);
  run.context.gpus->gpus[0].vbios = "96.00.5E.00.01";
  run.context.gpus->libraries = {{.name = "cuDNN", .version = "9.1"}};
  run.results[0].plan = {{"algorithm", "tile 128x256"}};
  const Conditions before = conditions_of(run.context, run.results.front());
  EXPECT_EQ(before.at("driver"), "580.65.06");
  EXPECT_EQ(before.at("VBIOS"), "96.00.5E.00.01");
  EXPECT_EQ(before.at("cuDNN"), "9.1");
  EXPECT_EQ(before.at("plan algorithm"), "tile 128x256");
  run.context.gpus->driver = "590.1";
  run.context.gpus->libraries.clear();
  run.context.environment["OMP_NUM_THREADS"] = "4";
  EXPECT_THAT(changes(before, conditions_of(run.context, run.results.front())),
              ElementsAre("driver 580.65.06 → 590.1", "cuDNN 9.1 → none", "variable OMP_NUM_THREADS 2 → 4"));
}

TEST(Archive, SlowerIsLargerForRatesAndTimes) {
  const KeptSeries rate{.figure = "flops_per_second"}, time{};
  EXPECT_NEAR(log_percent_of(rate, 0.99e12) - log_percent_of(rate, 1e12), 1.005, 1e-3);
  EXPECT_NEAR(log_percent_of(time, 1.01) - log_percent_of(time, 1), 0.995, 1e-3);
  EXPECT_NEAR(value_of_log_percent(rate, log_percent_of(rate, 6e14)), 6e14, 1e3);
  EXPECT_NEAR(value_of_log_percent(time, log_percent_of(time, 0.25)), 0.25, 1e-12);
}

TEST(Archive, ANightHasEveryLaunchOfEachSeries) {
  Archive archive;
  ASSERT_TRUE(add(archive, example::night_run(0, 1, 3), "a.json"));
  ASSERT_TRUE(add(archive, example::night_run(1, 1.02, 3), "b.json"));
  const auto all = series_of(archive, all_runs);
  ASSERT_EQ(all.size(), 4U);  // two cases on two devices
  ASSERT_EQ(all[0].past.size(), 2U);
  EXPECT_EQ(all[0].past[0].night, "20261101T020000Z");
  ASSERT_EQ(all[0].past[0].launches.size(), 3U);
  // Launches lie 0.2 % apart, the middle one at 600 * (1 - 0.0006) TFLOP/s.
  EXPECT_NEAR(all[0].past[0].launches[1], -100 * std::log(600e12 * (1 - 0.0006)), 1e-6);
  EXPECT_NEAR(all[0].past[0].launches[0] - all[0].past[0].launches[1], 0.2, 1e-3);
  EXPECT_GT(all[0].past[1].launches[1], all[0].past[0].launches[1] + 1.8);
}

TEST(Archive, NightsMayBeLeftOut) {
  Archive archive;
  add(archive, example::night_run(0), "a.json");
  add(archive, example::night_run(1), "b.json");
  archive.runs[1].digest = "other";
  const auto all = series_of(archive, [](const KeptRun& run) { return run.digest != "other"; });
  EXPECT_EQ(all[0].past.size(), 1U);
}

TEST(Archive, ARowThatDidNotRunIsKeptWithoutAValue) {
  Archive archive;
  gpubench::Run run = example::night_run(0);
  run.results.push_back(example::not_run(example::training("fp32", 300), Status::failed, "killed by signal 9"));
  add(archive, run, "a.json");
  const KeptLaunch& launch = archive.runs[0].launches.back();
  EXPECT_EQ(launch.status, Status::failed);
  EXPECT_EQ(launch.reason, "killed by signal 9");
  EXPECT_FALSE(launch.value);
  EXPECT_TRUE(series_of(archive, all_runs)[launch.series].past.empty());
}

TEST(Archive, TheSameRunTwiceIsOne) {
  Archive archive;
  EXPECT_TRUE(add(archive, example::night_run(0), "a.json"));
  EXPECT_FALSE(add(archive, example::night_run(0), "copy of a.json"));
  gpubench::Run other = example::night_run(0);
  other.context.seed = 99;
  EXPECT_TRUE(add(archive, other, "b.json"));
  EXPECT_EQ(archive.runs.size(), 2U);
}

TEST(Archive, ARunThatDidNotEndIsCompletedByItsFile) {
  Archive archive;
  gpubench::Run part = example::night_run(0);
  part.results.resize(1);
  part.complete = false;
  EXPECT_TRUE(add(archive, part, "a.json.journal"));
  EXPECT_TRUE(add(archive, example::night_run(0), "a.json"));
  EXPECT_FALSE(add(archive, part, "a.json.journal"));
  ASSERT_EQ(archive.runs.size(), 1U);
  EXPECT_EQ(archive.runs[0].launches.size(), 8U);
}

/// A run without the figures of its rows: what is left are seconds.
gpubench::Run in_seconds(gpubench::Run run) {
  for (CaseResult& row : run.results) row.figures.clear();
  return run;
}

std::string refused(Archive& archive, const gpubench::Run& run) {
  try {
    add(archive, run, "run.json");
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

TEST(Archive, ALongerJournalTakesTheShorterOnesPlace) {
  Archive archive;
  gpubench::Run shorter = example::night_run(0), longer = example::night_run(0);
  shorter.complete = longer.complete = false;
  shorter.results.resize(2);
  longer.results.resize(5);
  EXPECT_TRUE(add(archive, shorter, "1.journal"));
  EXPECT_TRUE(add(archive, longer, "2.journal"));
  EXPECT_FALSE(add(archive, shorter, "1.journal"));
  ASSERT_EQ(archive.runs.size(), 1U);
  EXPECT_EQ(archive.runs[0].launches.size(), 5U);
}

TEST(Archive, ASeriesKeepsItsFigure) {
  Archive archive;
  add(archive, in_seconds(example::night_run(0)), "seconds.json");
  EXPECT_EQ(archive.series[0].figure, "seconds");
  EXPECT_THAT(refused(archive, example::night_run(1)),
              HasSubstr("its figure changed from seconds to flops_per_second, its method 1 did not"));
  EXPECT_EQ(archive.runs.size(), 1U);
  EXPECT_EQ(archive.series[0].figure, "seconds");

  Archive rates;
  add(rates, example::night_run(1), "rates.json");
  EXPECT_THAT(refused(rates, in_seconds(example::night_run(2))), HasSubstr("from flops_per_second to seconds"));
  EXPECT_THROW(merge(archive, rates), UsageError);
}

TEST(Archive, ARowThatIsThereTwiceIsRefused) {
  Archive archive;
  gpubench::Run run = example::night_run(0);
  run.results.push_back(run.results.front());
  EXPECT_THAT(refused(archive, run), HasSubstr("launch 0 on cuda:0 is there twice"));
  EXPECT_TRUE(archive.series.empty());
}

TEST(Archive, ABrokenFileInAFolderIsNamedAndSkipped) {
  const TemporaryFolder folder;
  example::write_nights(folder / "nights", 2);
  write_file(folder / "nights" / "cut.json", "{\"context\":");
  const Archive archive = archive_of(folder / "nights");
  EXPECT_EQ(archive.runs.size(), 2U);
  ASSERT_EQ(archive.broken.size(), 1U);
  EXPECT_THAT(archive.broken[0], HasSubstr("cut.json: line 1"));
  EXPECT_THROW(archive_of(folder / "nights" / "cut.json"), UsageError);
}

TEST(Archive, ATimeThatIsNoneIsNamed) {
  Archive archive;
  gpubench::Run run = example::night_run(0);
  run.context.start = "yesterday";
  try {
    add(archive, run, "a.json");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "a.json: start \"yesterday\": expected a time like 2026-11-20T19:30:00Z");
  }
}

}  // namespace
}  // namespace gpubench
