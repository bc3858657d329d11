#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/harness/app/end_to_end.hpp"

// What a person or a script sees of the program besides its numbers: sentences, exit statuses, what stands on which
// stream.

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CommandLine : public EndToEnd {
 protected:
  /// One sentence on standard error, nothing on standard output, exit status 2.
  void refuses(const std::vector<std::string>& words,
               const std::string& sentence,
               const Environment& environment = {}) {
    const Ended ended = run(words, environment);
    EXPECT_EQ(ended.status, 2) << ended.err;
    EXPECT_THAT(ended.err, StartsWith("gpubench: "));
    EXPECT_THAT(ended.err, HasSubstr(sentence));
    EXPECT_EQ(std::count(ended.err.begin(), ended.err.end(), '\n'), 1) << ended.err;
    EXPECT_EQ(ended.out, "");
  }
};

TEST_F(CommandLine, AnUnknownSuiteDeviceOrPrecisionNamesWhatThereIs) {
  refuses({"--suite", "gud"}, "unknown suite gud; there are: good, bad, deadly");
  refuses({"--suite", "later"}, "suite later is not part of this version; there are: good");
  refuses({"--suite", "good", "--device", "cuda"}, "there is no device cuda; there are: fake:0");
  refuses({"--suite", "good", "--device", "fake:3"}, "there is no device fake:3; there are: fake:0");
  refuses({"--suite", "good", "--precision", "fp64"}, "unknown precision fp64; there are: fp32, tf32");
  refuses({"--suite", "good", "--precision", "amp-bf16"}, "matches no case; there are: fp32, bf16");
  refuses({"--suite", "good"}, "there is no device (fake: no fake today)", {{"FAKE_DEVICES", "0"}});
}

TEST_F(CommandLine, APatternThatMatchesNothingNamesWhatThereIs) {
  refuses({"--suite", "good", "--case", "n9"}, "--case 'n9' matches no case; there are: fake/fp32/ok/n0/faker");
  refuses({"--suite", "good", "--case", "(n1"}, "is no regular expression");
}

TEST_F(CommandLine, NumbersThatMakeNoSenseAreRefused) {
  for (const char* budget : {"-5", "0", "nan", "inf"})
    refuses({"--suite", "good", "--budget", budget}, "more than 0 is needed");
  refuses({"--suite", "good", "--budget", "much"}, "--budget");
  refuses({"--suite", "good", "--launches", "0"}, "--launches 0: more than 0 is needed");
  refuses({"--suite", "good", "--batch", "-1"}, "--batch -1: more than 0 is needed");
}

TEST_F(CommandLine, WhatIsNotPartOfThisVersionSaysSo) {
  refuses({"nightly", "--history", "x"}, "gpubench nightly is not part of this version");
  refuses({"--suite", "good", "--lock-clocks"}, "--lock-clocks (clocks are read, not changed) is not part");
  refuses({"--suite", "good", "--profile", "x"}, "--profile is not part of this version");
  refuses({"measure"},
          "unknown command measure; there are: run, list, doctor, compare, reference, check, history, fleet, validate");
  refuses({}, "gpubench --help");
  refuses({"run"}, "which suite?");
}

TEST_F(CommandLine, SurroundingsThatWouldSpoilARunAreRefused) {
  for (const char* count : {"0", "two", "", "-1", "4,0"})
    refuses({"--suite", "good"}, "OMP_NUM_THREADS is '", {{"OMP_NUM_THREADS", count}});
  const Environment ranks{{"OMPI_COMM_WORLD_SIZE", "4"}, {"OMPI_COMM_WORLD_RANK", "0"}};
  refuses({"--suite", "good"}, "one of 4 ranks", ranks);
}

TEST_F(CommandLine, ThreadsAreAsManyAsTheUserSaysOrAsThereAre) {
  EXPECT_EQ(measured({"--suite", "good", "--case", "n1"}, 0, {{"OMP_NUM_THREADS", "3"}})
                .context.environment.at("OMP_NUM_THREADS"),
            "3");
  const auto run = measured({"--suite", "good", "--case", "n1", "--force"}, 0);
  EXPECT_EQ(run.context.environment.at("OMP_NUM_THREADS"), std::to_string(run.context.host.usable_cpus));
}

TEST_F(CommandLine, LeftoverBenchmarkVariablesHaveNoEffect) {
  const auto run =
      measured({"--suite", "good"},
               0,
               {{"BENCHMARK_FILTER", "nothing"}, {"BENCHMARK_REPETITIONS", "3"}, {"BENCHMARK_LIST_TESTS", "1"}});
  EXPECT_EQ(run.results.size(), 5U);
}

TEST_F(CommandLine, AnOutFileThatCannotBeWrittenIsRefusedBeforeMeasuring) {
  refuses({"--suite", "slow", "--out", "no/such/folder.json"}, "there is no folder no/such");
  refuses({"--suite", "slow", "--out", "."}, "it is a folder");
  std::ofstream(folder_ / "mine.json") << "precious";
  refuses({"--suite", "slow", "--out", "mine.json"}, "mine.json exists; --force replaces it");
  EXPECT_EQ(text_of_file(folder_ / "mine.json"), "precious");
  EXPECT_EQ(run({"--suite", "good", "--out", "mine.json", "--force"}).status, 0);
  EXPECT_THAT(text_of_file(folder_ / "mine.json"), StartsWith("{"));
}

TEST_F(CommandLine, AnOutThatIsNoFileHasNoJournal) {
  std::filesystem::create_symlink("/dev/null", folder_ / "nothing");
  EXPECT_EQ(run({"--suite", "good", "--out", "nothing"}).status, 0);
  EXPECT_TRUE(std::filesystem::is_character_file(folder_ / "nothing"));
  const Running running(folder_, {"--suite", "slow", "--out", "nothing"}, {});
  EXPECT_TRUE(comes_true([&] { return !children_of(running.id()).empty(); }));
  EXPECT_FALSE(comes_true([&] { return std::filesystem::exists(folder_ / "nothing.journal"); }, 30));
}

TEST_F(CommandLine, ARunThatTakesMoreThanItsBudgetSaysSo) {
  EXPECT_THAT(run({"--suite", "good", "--budget", "1"}).err, HasSubstr("more than the budget of 1.000 s"));
  EXPECT_EQ(run({"--suite", "good", "--case", "n1", "--out", "other.json"}).err, "");
}

TEST_F(CommandLine, ExplainSaysWhenThereIsNothingToExplain) {
  const std::string sentence = "--explain changes nothing here: only training steps are broken down";
  EXPECT_THAT(run({"--suite", "good", "--case", "n1", "--explain"}).err, HasSubstr(sentence));
  EXPECT_EQ(run({"--suite", "good", "--case", "n1", "--out", "other.json"}).err, "");
}

TEST_F(CommandLine, WithoutOutTheFileIsNamedAfterHostAndTime) {
  EXPECT_EQ(run({"--suite", "good", "--case", "n1"}).status, 0);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_))
    if (entry.path().filename().string().starts_with("gpubench-") && entry.path().extension() == ".json") ++files;
  EXPECT_EQ(files, 1);
}

TEST_F(CommandLine, OutDashIsJsonOnStandardOutputAndTheTableOnStandardError) {
  for (const std::vector<std::string>& out : {std::vector<std::string>{"--out", "-"}, {"--benchmark_format=json"}}) {
    std::vector<std::string> words{"--suite", "good"};
    words.insert(words.end(), out.begin(), out.end());
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_EQ(nlohmann::json::parse(ended.out).at("benchmarks").size(), 5U);
    EXPECT_THAT(ended.err, HasSubstr("ran 5"));
  }
}

TEST_F(CommandLine, GoogleBenchmarksFlagsAreOurs) {
  const auto run = measured({"--suite", "good", "--benchmark_filter=n[12]", "--benchmark_repetitions=2"}, 0);
  EXPECT_EQ(run.results.size(), 4U);
  const Ended list = this->run({"--benchmark_list_tests", "--suite=good", "--benchmark_filter", "-n[1-4]"});
  EXPECT_EQ(list.out, "fake/fp32/ok/n0/faker\n");
  EXPECT_EQ(this->run({"--suite", "good", "--benchmark_out=gb.json", "--benchmark_out_format=json"}).status, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "gb.json"));
  refuses({"--suite", "good", "--benchmark_min_time=1"}, "--benchmark_min_time does not hold here: our own loop");
  refuses({"--suite", "good", "--benchmark_format=csv"}, "console or json");
}

TEST_F(CommandLine, CasesComeFromAFileByTheirFullNames) {
  std::ofstream(folder_ / "names") << "# two\nfake/fp32/ok/n1/faker\n\n  fake/bf16/ok/n4/faker \n";
  EXPECT_EQ(measured({"--cases-from", "names"}, 0).results.size(), 2U);
  std::ofstream(folder_ / "names") << "fake/fp32/ok/n1\n";
  refuses({"--cases-from", "names"}, "names fake/fp32/ok/n1, which is no case here");
  refuses({"--cases-from", "nowhere"}, "--cases-from nowhere: cannot be read");
}

TEST_F(CommandLine, ADryRunMeasuresNothingAndWritesNothing) {
  const Ended ended = run({"--suite", "slow", "--dry-run", "--out", "run.json"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, HasSubstr("would run 2, unsupported 1"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run.json"));
}

TEST_F(CommandLine, ListSaysWhatRunsAndWhyTheRestDoesNot) {
  const Ended text = run({"list", "slow", "later"});
  EXPECT_EQ(text.status, 0);
  EXPECT_THAT(text.out, HasSubstr("fake/fp32/unsupported/n0/faker  fake:0  unsupported: fakes cannot"));
  EXPECT_THAT(text.out, HasSubstr("later      not there yet (not part of this version)"));
  const Ended json = run({"list", "--json"}, {{"FAKE_BACKENDS", "missing,fake"}});
  const auto parsed = nlohmann::json::parse(json.out);
  EXPECT_EQ(parsed.at("suites").size(), 11U);
  EXPECT_EQ(parsed.at("absent").at(0), "missing: not built");
  refuses({"list", "gud"}, "unknown suite gud");
}

TEST_F(CommandLine, HelpOfEveryCommandHasAnExample) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--help"}, {"run", "--help"}, {"list", "--help"}, {"validate", "--help"}}) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.status, 0);
    EXPECT_THAT(ended.out, HasSubstr("Example"));
    EXPECT_THAT(ended.out, HasSubstr("  gpubench "));
  }
  EXPECT_THAT(run({"--version"}).out, StartsWith("gpubench "));
}

TEST_F(CommandLine, ValidateTellsAValidFileFromAnother) {
  measured({"--suite", "bad"}, 1);
  EXPECT_EQ(run({"validate", "run.json"}).out, "run.json: valid\n");
  std::ofstream(folder_ / "other.json") << "{}";
  EXPECT_EQ(run({"validate", "run.json", "other.json"}).status, 2);
  EXPECT_EQ(run({"validate", "nowhere.json"}).status, 2);
}

}  // namespace
}  // namespace gpubench
