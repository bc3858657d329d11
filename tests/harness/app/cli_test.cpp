#include "harness/app/cli.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;

Options parsed(const std::vector<std::string>& words) { return parse(words, "gpubench 1"); }

TEST(Cli, DataAreOneKindOrSeveral) {
  EXPECT_EQ(parsed({"--suite", "a"}).suite_options.data, std::vector{Distribution::uniform});
  EXPECT_EQ(parsed({"--suite", "a", "--data", "zeros"}).suite_options.data, std::vector{Distribution::zeros});
  EXPECT_EQ(parsed({"--suite", "a", "--data", "normal,zeros"}).suite_options.data,
            (std::vector{Distribution::normal, Distribution::zeros}));
  EXPECT_THROW(parsed({"--suite", "a", "--data", "ones"}), UsageError);
}

TEST(Cli, RunIsTheWordThatMayBeLeftOut) {
  for (const Options& options : {parsed({"run", "--suite", "a,b"}), parsed({"--suite", "a", "--suite", "b"})}) {
    EXPECT_EQ(options.word, Options::Word::run);
    EXPECT_THAT(options.suites, ElementsAre("a", "b"));
  }
}

TEST(Cli, TheBudgetIsFiveMinutesAndQuickIsAQuarter) {
  EXPECT_EQ(parsed({"--suite", "a"}).budget_seconds, 300);
  EXPECT_EQ(parsed({"--suite", "a", "--quick"}).budget_seconds, 75);
  EXPECT_EQ(parsed({"--suite", "a", "--quick", "--budget", "40"}).budget_seconds, 10);
}

TEST(Cli, ThoroughIsTheLongListInFiveLaunches) {
  EXPECT_EQ(parsed({"--suite", "a"}).launches, 1);
  EXPECT_EQ(parsed({"--suite", "a", "--thorough"}).launches, 5);
  EXPECT_TRUE(parsed({"--suite", "a", "--thorough"}).suite_options.thorough);
  EXPECT_EQ(parsed({"--suite", "a", "--thorough", "--launches", "2"}).launches, 2);
  EXPECT_THROW(parsed({"--suite", "a", "--thorough", "--quick"}), UsageError);
}

TEST(Cli, OptionsOfTheSuitesArePassedOn) {
  const SuiteOptions options =
      parsed({"--suite", "a", "--batch", "8", "--epoch-items", "5000000000", "--full-epoch", "--seed", "7"})
          .suite_options;
  EXPECT_EQ(options.batch, 8);
  EXPECT_EQ(options.epoch_items, 5'000'000'000);
  EXPECT_TRUE(options.full_epoch);
  EXPECT_EQ(options.seed, 7U);
}

TEST(Cli, AnOptionThatDoesNotExistIsRefused) {
  EXPECT_THROW(parsed({"--suite", "a", "--fast"}), UsageError);
  EXPECT_THROW(parsed({"list", "--fast"}), UsageError);
  EXPECT_THROW(parsed({"validate"}), UsageError);
}

}  // namespace
}  // namespace gpubench
