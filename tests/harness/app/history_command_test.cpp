#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

class HistoryCommand : public EndToEnd {
 protected:
  void expect(const std::vector<std::string>& words, int status, const std::string& said) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, status) << ended.out << ended.err;
    EXPECT_THAT(ended.out + ended.err, HasSubstr(said));
  }
};

TEST_F(HistoryCommand, ARunIsAddedOnceAndListed) {
  measured({"--suite", "good"}, 0);
  expect({"history", "add", "nights.db", "run.json"}, 0, "run.json: added ");
  expect({"history", "add", "nights.db", "run.json"}, 0, "run.json: already there, nothing added");
  expect({"history", "list", "nights.db"}, 0, "fake/fp32/ok/n0/faker");
  expect({"history", "show", "nights.db", "--case", "n0"}, 0, "accepted");
  expect({"history", "list", "nights.db", "--case", "nothing-like-it"}, 2, "no series with nothing-like-it");
  expect({"history", "list", "nights.db", "--case", "("}, 2, "--case (: no regular expression");
}

TEST_F(HistoryCommand, ABrokenFileIsNamedAndTheOthersAreAdded) {
  measured({"--suite", "good"}, 0);
  std::ofstream(folder_ / "cut.json") << "{";
  expect({"history", "add", "nights.db", "cut.json", "run.json"}, 2, "run.json: added ");
  expect({"history", "add", "nights.db", "cut.json"}, 2, "cut.json: line 1");
}

TEST_F(HistoryCommand, ABadRowStopsNoOtherFile) {
  measured({"--suite", "good"}, 0);
  gpubench::Run bad = read_run(folder_ / "run.json");
  bad.context.start = "yesterday";
  write_run(bad, folder_ / "bad.json");
  expect({"history", "add", "nights.db", "bad.json", "run.json"}, 2, "run.json: added ");
  expect({"history", "add", "nights.db", "bad.json", "run.json"}, 2, "bad.json: ");
}

TEST_F(HistoryCommand, ALevelIsAcceptedWithAReason) {
  measured({"--suite", "good"}, 0);
  expect({"history", "add", "nights.db", "run.json"}, 0, "added");
  expect({"history", "accept", "nights.db"}, 2, "--reason is required");
  expect({"history", "accept", "nights.db", "--reason", " "}, 2, "--reason needs a text");
  expect({"history", "accept", "nights.db", "--reason", "new driver", "--night", "1999"}, 2, "no such night");
  expect({"history", "accept", "nights.db", "--reason", "new driver"}, 0, "series have a new level: new driver");
}

TEST_F(HistoryCommand, ABuildIsPinnedWithItsRuns) {
  measured({"--suite", "good"}, 0);
  expect({"history", "pin", "nights.db", "no-such-program", "--runs", "run.json"}, 2, "no program that can be started");
  expect({"history", "pin", "nights.db", GPUBENCH_FAKE_PROGRAM, "--runs", "run.json"}, 0, "with 1 run files");
  expect({"history", "pin", "nights.db", GPUBENCH_FAKE_PROGRAM}, 2, "--runs is required");
}

TEST_F(HistoryCommand, WhatIsExportedIsValid) {
  measured({"--suite", "good"}, 0);
  expect({"history", "add", "nights.db", "run.json"}, 0, "added");
  expect({"history", "export", "nights.db", "--out", "nights"}, 0, "1 run files in nights");
  for (const auto& file : std::filesystem::directory_iterator(folder_ / "nights"))
    expect({"validate", file.path().string()}, 0, "valid");
  expect({"history", "export", "nights.db", "--out", "nights"}, 2, "exists; --force replaces it");
  const Ended lines = run({"history", "export", "nights.db", "--jsonl", "-"});
  EXPECT_EQ(Json::parse(lines.out.substr(0, lines.out.find('\n')))["status"], "ok");
  expect({"history", "pin", "pin.db", GPUBENCH_FAKE_PROGRAM, "--runs", "run.json"}, 0, "pinned");
  expect({"history", "export", "pin.db", "--out", "pinned"}, 0, "0 run files in pinned; 1 of the pinned build");
  expect({"history", "export", "nights.db"}, 2, "--out DIR or --jsonl FILE");
}

TEST_F(HistoryCommand, PruningSaysWhatGoes) {
  measured({"--suite", "good"}, 0);
  expect({"history", "add", "nights.db", "run.json"}, 0, "added");
  expect({"history", "prune", "nights.db"}, 2, "--keep NIGHTS or --older-than DAYS");
  expect({"history", "prune", "nights.db", "--keep", "0"}, 2, "--keep 0: more than 0 is needed");
  expect({"history", "prune", "nights.db", "--keep", "5"}, 0, "0 of 1 runs removed");
  expect({"history", "prune", "nights.db", "--older-than", "200000"}, 2, "--older-than 200000: days, 36500 at most");
  expect({"history", "prune", "typo.db", "--keep", "5"}, 2, "typo.db: no such file");
  expect({"history", "accept", "typo.db", "--reason", "x"}, 2, "typo.db: no such file");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "typo.db"));
}

TEST_F(HistoryCommand, EveryWordHasAnExample) {
  for (const char* word : {"add", "list", "show", "accept", "pin", "export", "prune"})
    expect({"history", word, "--help"}, 0, std::string("gpubench history ") + word + " nights.db");
  expect({"history", "--help"}, 0, "gpubench history prune");
  expect({"history"}, 2, "needs a word: there are add, list");
  expect({"history", "burn"}, 2, "burn is none: there are add, list");
  expect({"history", "list", "gone.db"}, 2, "gone.db: no such file");
}

}  // namespace
}  // namespace gpubench
