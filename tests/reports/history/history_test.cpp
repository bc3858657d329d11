#include "reports/history/history.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/history/export.hpp"
#include "reports/history/list_text.hpp"
#include "reports/history/nights.hpp"
#include "reports/history/prune.hpp"
#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "reports/validate.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/example_nights.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Access = History::Access;

bool all_runs(const KeptRun&) { return true; }

class HistoryFile : public ::testing::Test {
 protected:
  History::AddedRun add(const gpubench::Run& run) { return History(path_, Access::write).add(run, "run.json"); }
  void add_nights(int nights, int from = 0) {
    History history(path_, Access::write);
    for (int day = from; day < from + nights; ++day) history.add(example::night_run(day), "run.json");
  }
  Archive read(const HistoryFilter& filter = {}) const { return History(path_, Access::read).read(filter); }

  TemporaryFolder folder_{};
  std::filesystem::path path_ = folder_ / "nights.db";
};

/// Everything that a verdict can be made from, as text.
std::string told(const Archive& archive) {
  std::vector<std::string> lines;  // sorted: in which order series came does not matter
  for (const Series& series : series_of(archive, all_runs))
    for (const SeriesNight& night : series.past) {
      std::string& text = lines.emplace_back();
      text += fmt::format(
          "{} {} {} {} {}:", series.key.case_name, series.key.device, night.night, night.level, name(night.standing));
      for (const double launch : night.launches) text += fmt::format(" {:.17g}", launch);
      for (const auto& [what, value] : night.conditions) text += fmt::format(" {}={}", what, value);
    }
  std::ranges::sort(lines);
  return fmt::format("{}", fmt::join(lines, "\n"));
}

TEST_F(HistoryFile, SaysWhatTheRunFilesSaid) {
  add_nights(5);
  Archive files;
  for (int day = 0; day < 5; ++day) gpubench::add(files, example::night_run(day), "run.json");
  EXPECT_EQ(told(read()), told(files));
  EXPECT_THAT(told(files), HasSubstr("driver=580.65.06"));
}

TEST_F(HistoryFile, KeepsReadingsAndFindingsAndRowsThatAreNotOk) {
  gpubench::Run run = example::night_run(0);
  run.results[0].telemetry = {{"sm_clock_hz", 1.755e9},
                              {"watts", 690},
                              {"celsius_max", 71},
                              {"power_cap_share", 0.25},
                              {"hardware_thermal_share", 0.1},
                              {"power_brake_share", 0.05}};
  run.results[0].finding = Finding{.verdict = "degraded", .reason = "hardware thermal slowdown"};
  run.results[1].status = Status::wrong_result;
  run.results[1].reason = "element 7 is 3, expected 4";
  add(run);
  const Archive archive = read();
  const KeptLaunch* first = nullptr;
  const KeptLaunch* wrong = nullptr;
  for (const KeptLaunch& launch : archive.runs[0].launches) {
    if (launch.finding) first = &launch;
    if (launch.status != Status::ok) wrong = &launch;
  }
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->finding->reason, "hardware thermal slowdown");
  EXPECT_EQ(first->readings.sm_clock_hz, 1.755e9);
  EXPECT_EQ(first->readings.watts, 690);
  EXPECT_EQ(first->readings.celsius, 71);
  EXPECT_EQ(first->readings.power_cap_share, 0.25);
  EXPECT_NEAR(first->readings.slowdown_share.value(), 0.15, 1e-12);
  const Archive whole = read({.details = true});
  Archive again;
  gpubench::add(again, run_of(whole, whole.runs[0]), "exported.json");
  EXPECT_NEAR(again.runs[0].launches.at(0).readings.slowdown_share.value(), 0.15, 1e-12);
  ASSERT_NE(wrong, nullptr);
  EXPECT_EQ(wrong->status, Status::wrong_result);
  EXPECT_EQ(wrong->reason, "element 7 is 3, expected 4");
  EXPECT_FALSE(wrong->value);
  EXPECT_FALSE(wrong->readings.watts);
}

TEST_F(HistoryFile, TheSameRunFileTwiceAddsNothing) {
  EXPECT_EQ(add(example::night_run(0)).what, History::Added::new_run);
  const std::string before = told(read());
  EXPECT_EQ(add(example::night_run(0)).what, History::Added::known);
  EXPECT_EQ(told(read()), before);
}

TEST_F(HistoryFile, AJournalIsCompletedByItsRunFile) {
  gpubench::Run part = example::night_run(0);
  part.results.resize(1);
  part.complete = false;
  EXPECT_EQ(add(part).launches, 1);
  EXPECT_EQ(add(example::night_run(0)).what, History::Added::completed);
  const Archive archive = read();
  ASSERT_EQ(archive.runs.size(), 1U);
  EXPECT_TRUE(archive.runs[0].complete);
  EXPECT_EQ(archive.runs[0].launches.size(), 8U);
}

TEST_F(HistoryFile, ALongerJournalTakesTheShorterOnesPlace) {
  gpubench::Run part = example::night_run(0);
  part.complete = false;
  part.results.resize(5);
  const gpubench::Run longer = part;
  part.results.resize(2);
  EXPECT_EQ(add(part).launches, 2);
  EXPECT_EQ(add(longer).what, History::Added::completed);
  EXPECT_EQ(add(part).what, History::Added::known);
  EXPECT_EQ(read().runs.at(0).launches.size(), 5U);
  EXPECT_FALSE(read().runs.at(0).complete);
}

TEST_F(HistoryFile, ASeriesKeepsItsFigure) {
  gpubench::Run seconds = example::night_run(0);
  for (CaseResult& row : seconds.results) row.figures.clear();
  add(seconds);
  const std::string before = told(read());
  try {
    add(example::night_run(1));
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("its figure changed from seconds to flops_per_second"));
  }
  EXPECT_EQ(told(read()), before);
}

TEST_F(HistoryFile, IsReadInPart) {
  add_nights(2);
  gpubench::Run other = example::night_run(2);
  other.context.host.name = "node-i";
  add(other);
  EXPECT_EQ(read({.case_pattern = "^memory/"}).series.size(), 4U);
  EXPECT_EQ(read({.node = "node-i"}).runs.size(), 1U);
  EXPECT_EQ(read({.since = example::start_of_night(1)}).runs.size(), 2U);
  EXPECT_EQ(read({.since = example::start_of_night(1)}).runs[0].context, "");
}

TEST_F(HistoryFile, AnAcceptedLevelBeginsWithItsNight) {
  add_nights(4);
  const SeriesKey key = read().series.front().key;
  History history(path_, Access::write);
  EXPECT_EQ(history.accept({key}, example::start_of_night(2), "driver 590", "2026-12-01T00:00:00Z"), 1);
  const Archive archive = read();
  const auto all = series_of(archive, all_runs);
  std::vector<int> levels, of_another;
  for (const SeriesNight& night : all[0].past) levels.push_back(night.level);
  for (const SeriesNight& night : all[1].past) of_another.push_back(night.level);
  EXPECT_THAT(levels, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(of_another, ElementsAre(0, 0, 0, 0));
  EXPECT_EQ(archive.levels.at(0).front().reason, "driver 590");
}

TEST_F(HistoryFile, WhatIsAcceptedIsNoSuspectAnyMore) {
  add_nights(2);
  const Archive before = read();
  const SeriesKey key = before.series.front().key;
  History history(path_, Access::write);
  history.stand(key, {before.runs[0].identity}, {.standing = Standing::suspect});
  history.stand(key, {before.runs[1].identity}, {.standing = Standing::suspect, .verdict = Verdict::undecided});
  EXPECT_EQ(series_of(read(), all_runs)[0].past[1].standing, Standing::suspect);
  EXPECT_EQ(series_of(read(), all_runs)[0].past[1].verdict, Verdict::undecided);
  history.accept({key}, example::start_of_night(1), "as it is now", "2026-12-01T00:00:00Z");
  const auto past = series_of(read(), all_runs)[0].past;
  EXPECT_EQ(past[0].standing, Standing::suspect);
  EXPECT_EQ(past[1].standing, Standing::accepted);
}

TEST_F(HistoryFile, APinnedBuildsLaunchesAreNoNight) {
  add_nights(2);
  const gpubench::Run own = example::night_run(40);
  History history(path_, Access::write);
  history.pin({.command = "/opt/old/gpubench",
               .program = "/opt/old/gpubench",
               .digest = "ab",
               .pinned = "2026-12-12T00:00:00Z"},
              {own},
              {"pinned.json"});
  EXPECT_EQ(history.pinned().value().command, "/opt/old/gpubench");
  EXPECT_THAT(history.pinned_runs(), ElementsAre(identity_of(own.context)));
  const Archive archive = read();
  EXPECT_EQ(archive.runs.size(), 3U);
  EXPECT_EQ(nights_of(archive).size(), 2U);
  add(own);  // somebody says that it is a night as well
  EXPECT_EQ(nights_of(read()).size(), 3U);
}

TEST_F(HistoryFile, PruningLeavesWhatNightsAreJudgedAgainst) {
  ASSERT_EQ(kept_nights, 84);
  add_nights(90);
  History history(path_, Access::change);
  const Archive archive = history.read({});
  const gpubench::Run own = example::night_run(0);
  history.pin({.command = "x", .pinned = "2026-12-12T00:00:00Z"}, {own}, {"run.json"});
  // 90 nights, 84 of them needed; the very first is the pinned build's too.
  const auto runs = runs_to_prune(archive, {.keep_nights = 3});
  EXPECT_EQ(runs.size(), 6U);
  EXPECT_EQ(history.remove(runs), 5);
  EXPECT_EQ(read().runs.size(), 85U);
  EXPECT_EQ(runs_to_prune(read(), {.keep_nights = 3}).size(), 1U);
}

TEST_F(HistoryFile, PruningKeepsTheSpreadOfOlderLevels) {
  add_nights(90);
  History history(path_, Access::change);
  std::vector<SeriesKey> keys;
  for (const KeptSeries& series : read().series) keys.push_back(series.key);
  history.accept(keys, example::start_of_night(86), "new", "2026-12-01T00:00:00Z");
  EXPECT_EQ(runs_to_prune(read(), {.keep_nights = 2}).size(), 6U);
  EXPECT_EQ(runs_to_prune(read(), {.keep_nights = 87}).size(), 3U);
  EXPECT_EQ(runs_to_prune(read(), {.older_than = example::start_of_night(2)}).size(), 2U);
  EXPECT_EQ(runs_to_prune(read(), {}).size(), 0U);
}

TEST_F(HistoryFile, WhatNobodyRefersToGoesWithTheLastRun) {
  add_nights(1);
  History history(path_, Access::write);
  EXPECT_EQ(history.remove({history.read({}).runs[0].identity}), 1);
  EXPECT_EQ(history.counts().series, 0);
  EXPECT_EQ(history.counts().launches, 0);
}

TEST_F(HistoryFile, ExportsRunFilesThatAreValidAndSayTheSame) {
  gpubench::Run run = example::launches(3);
  add(run);
  add_nights(1);
  const Archive archive = read({.details = true});
  for (const KeptRun& kept : archive.runs) {
    const std::filesystem::path file = folder_ / export_name(kept);
    write_run(run_of(archive, kept), file);
    EXPECT_THAT(problems_of(file), ElementsAre()) << file;
  }
  const Archive again = archive_of(
      {(folder_ / export_name(archive.runs[0])).string(), (folder_ / export_name(archive.runs[1])).string()});
  EXPECT_EQ(told(again), told(archive));
}

TEST_F(HistoryFile, AnExportedRowSaysThatItsSamplesAreGone) {
  add(example::launches(1));
  const Archive archive = read({.details = true});
  const gpubench::Run run = run_of(archive, archive.runs[0]);
  ASSERT_FALSE(run.results.empty());
  const CaseResult* trained = nullptr;
  for (const CaseResult& row : run.results)
    if (row.run_name == "train/resnet50/amp-bf16/b16/d1/onednn") trained = &row;
  ASSERT_NE(trained, nullptr);
  EXPECT_THAT(trained->samples_seconds, ElementsAre(0.779));
  EXPECT_THAT(trained->labels, ElementsAre("from a history: of 6 samples their median is kept"));
  EXPECT_EQ(trained->verification->scope, "parts");
  EXPECT_EQ(trained->plan.at("convolution forward"), "jit:avx512_core x 53");
}

TEST_F(HistoryFile, JsonLinesHaveEveryLaunch) {
  add_nights(1);
  const std::string lines = json_lines(read({.details = true}));
  EXPECT_EQ(std::ranges::count(lines, '\n'), 8);
  const Json first = Json::parse(lines.substr(0, lines.find('\n')));
  EXPECT_EQ(first["night"], "20261101T020000Z");
  EXPECT_EQ(first["power_cap"], "700 W");
  EXPECT_EQ(first["status"], "ok");
  EXPECT_EQ(first["conditions"]["driver"], "580.65.06");
}

TEST_F(HistoryFile, ListAndShowReadLikeThis) {
  add_nights(9);
  gpubench::Run driver = example::night_run(9, 1.02);
  driver.context.gpus->driver = "590.10.01";
  add(driver);
  expect_golden(history_list_text(read(), 100), "history/list.txt");
  expect_golden(history_list_text(read(), 80), "history/list_80.txt");
  expect_golden(history_show_text(read({.case_pattern = "^gemm"}), 100), "history/show.txt");
}

}  // namespace
}  // namespace gpubench
