#include "harness/app/benchmark_flags.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(BenchmarkFlags, AFilterIsACasePattern) {
  EXPECT_THAT(without_benchmark_flags({"--benchmark_filter=a|b"}), ElementsAre("--case", "a|b"));
  EXPECT_THAT(without_benchmark_flags({"--benchmark_filter", "a"}), ElementsAre("--case", "a"));
  EXPECT_THAT(without_benchmark_flags({"--benchmark_filter=all"}), ElementsAre("--case", "."));
}

TEST(BenchmarkFlags, AFilterWithAMinusExcludes) {
  EXPECT_THAT(without_benchmark_flags({"--benchmark_filter=-a|b"}), ElementsAre("--case", "^(?!.*(?:a|b))"));
}

TEST(BenchmarkFlags, OutputAndRepetitionsAreOurs) {
  EXPECT_THAT(without_benchmark_flags({"--benchmark_repetitions=5"}), ElementsAre("--launches", "5"));
  EXPECT_THAT(without_benchmark_flags({"--benchmark_out=f.json"}), ElementsAre("--out", "f.json"));
  EXPECT_THAT(without_benchmark_flags({"--benchmark_format=json"}), ElementsAre("--out", "-"));
  EXPECT_THAT(without_benchmark_flags({"--benchmark_format=console", "--benchmark_out_format=json"}), ElementsAre());
  EXPECT_THAT(without_benchmark_flags({"--benchmark_list_tests"}), ElementsAre("--list-tests"));
  EXPECT_THAT(without_benchmark_flags({"--benchmark_list_tests=false"}), ElementsAre());
}

TEST(BenchmarkFlags, EverythingElseStays) {
  EXPECT_THAT(without_benchmark_flags({"run", "--suite", "amp"}), ElementsAre("run", "--suite", "amp"));
}

TEST(BenchmarkFlags, AFlagThatCannotHoldSaysWhy) {
  const auto sentence = [](const std::string& flag) -> std::string {
    try {
      without_benchmark_flags({flag});
      return "";
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(sentence("--benchmark_min_time=0.5s"), HasSubstr("our own loop decides"));
  EXPECT_THAT(sentence("--benchmark_out_format=csv"), HasSubstr("a run file is json"));
  EXPECT_THAT(sentence("--benchmark_repetitions"), HasSubstr("needs a value"));
  EXPECT_THAT(sentence("--benchmark_color"), HasSubstr("does not hold here: the table has no colour"));
  EXPECT_THAT(sentence("--benchmark_nonsense=1"), HasSubstr("gpubench has nothing like it"));
}

}  // namespace
}  // namespace gpubench
