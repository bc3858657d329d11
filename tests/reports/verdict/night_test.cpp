#include "reports/verdict/night.hpp"

#include <functional>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/reports/verdict/example_series.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Plays launches: each case has a value by arm, and a little noise that differs from launch to launch.
class Played : public Executor {
 public:
  std::function<std::optional<double>(Arm, const std::string&, int launch)> value;
  std::function<std::string(Arm, int launch)> failure = [](Arm, int) { return std::string(); };
  std::vector<std::string> devices{"gpu0"};
  Conditions conditions{};
  bool pinned = true;
  double seconds_of_case = 6;
  std::string order{};
  std::vector<std::size_t> lengths{};

  bool has_pinned() const override { return pinned; }
  Launch run(Arm arm, std::span<const std::string> cases, std::uint64_t seed) override {
    EXPECT_TRUE(seeds_.insert(seed).second) << "a seed of its own for each launch";
    const int number = static_cast<int>(order.size());
    order += arm == Arm::pinned ? 'A' : 'B';
    lengths.push_back(cases.size());
    Launch launch{.failure = failure(arm, number), .conditions = conditions, .seconds = 4};
    if (!launch.failure.empty()) return launch;
    for (const std::string& name : cases) {
      launch.seconds += seconds_of_case;
      for (const std::string& device : devices) {
        const auto played = value(arm, name, number);
        if (played) launch.values.push_back({name, device, *played + 0.01 * (number % 5) + 0.001 * number});
      }
    }
    return launch;
  }

 private:
  std::set<std::uint64_t> seeds_;
};

struct Node {
  std::vector<Series> history{};
  std::vector<SeriesNight> tonight{};
  std::vector<PinnedLaunches> pinned{};

  void add(const std::string& name, double value, const std::string& device = "gpu0") {
    history.push_back(series_of(name, alternating(28, 50, 0.1), device));
    tonight.push_back(night_of(9999, {value, value}));
    pinned.push_back({.launches = {49.9, 50, 50.1}});
  }
  NightVerdict judged(Executor* executor, double reserve = 400) const {
    return judge_night(
        {.history = history, .tonight = tonight, .pinned = pinned, .limits = {.reserve_seconds = reserve}}, executor);
  }
};

/// `memory/b` is 2 % slower tonight.
Node one_suspect() {
  Node node;
  node.add("memory/a", 50);
  node.add("memory/b", 52);
  return node;
}

/// B is as slow as tonight's launches, A is as it was.
Played slower_code() {
  Played played;
  played.value = [](Arm arm, const std::string&, int) { return arm == Arm::current ? 52 : 50; };
  return played;
}

TEST(Night, ASlowerBuildIsARegressionAfterTwelvePairs) {
  Played played = slower_code();
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_EQ(night.cases[0].verdict, Verdict::ok);
  EXPECT_EQ(night.cases[1].verdict, Verdict::regression);
  EXPECT_NEAR(night.cases[1].said[0].percent, 2, 0.1);
  EXPECT_EQ(played.order, "ABBAABBAABBAABBAABBAABBA");
  EXPECT_EQ(night.confirmation_seconds, 240);
  EXPECT_EQ(node_verdict(night), Verdict::regression);
}

TEST(Night, OnlySuspectsAreMeasuredAgain) {
  Played played = slower_code();
  one_suspect().judged(&played);
  EXPECT_EQ(std::set<std::size_t>(played.lengths.begin(), played.lengths.end()), std::set<std::size_t>{1});
  Node quiet;
  quiet.add("memory/a", 50);
  Played idle = slower_code();
  quiet.judged(&idle);
  EXPECT_EQ(idle.order, "");
}

TEST(Night, TheSameIsFoundAfterSixPairs) {
  Played played;
  played.value = [](Arm, const std::string&, int) { return 50; };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_EQ(night.cases[1].verdict, Verdict::environment);
  EXPECT_EQ(night.cases[1].standing, Standing::environment);
  EXPECT_EQ(played.order, "ABBAABBAABBA");
}

TEST(Night, WhatTwelvePairsLeaveOpenSixteenDecideWhereTimeIsLeft) {
  Played played = slower_code();
  const auto value = played.value;
  played.value = [value](Arm arm, const std::string& name, int launch) {
    return launch == 4 ? 90 : value(arm, name, launch);  // one launch of A went wrong: rank 12 of 12, p 0.02
  };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_EQ(played.order.size(), 32U);
  EXPECT_EQ(night.cases[1].verdict, Verdict::regression);
  Played hurried = slower_code();
  hurried.value = played.value;
  EXPECT_EQ(one_suspect().judged(&hurried, 300).cases[1].verdict, Verdict::undecided);
}

TEST(Night, ASlowerNodeIsDegradedOnTheSecondNight) {
  Node node = one_suspect();
  Played played;
  played.value = [](Arm, const std::string&, int) { return 52; };
  const NightVerdict first = node.judged(&played);
  EXPECT_EQ(first.cases[1].verdict, Verdict::environment);
  EXPECT_EQ(first.cases[1].standing, Standing::suspect);
  SeriesNight past = node.tonight[1];
  past.verdict = first.cases[1].verdict, past.standing = first.cases[1].standing;
  node.history[1].past.push_back(past);
  Played again;
  again.value = played.value;
  const NightVerdict second = node.judged(&again);
  EXPECT_EQ(second.cases[1].verdict, Verdict::degraded);
  Played updated;
  updated.value = played.value;
  updated.conditions = {{"driver", "2"}};
  node.pinned[1].conditions = {{"driver", "1"}};
  EXPECT_THAT(node.judged(&updated).cases[1].said[0].sentence, HasSubstr("changed since: driver 1 -> 2"));
}

TEST(Night, WithoutAPinnedBuildTwelveLaunchesSayWhetherItIsStillSo) {
  Played played;
  played.value = [](Arm, const std::string&, int) { return 52; };
  played.pinned = false;
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_EQ(played.order, "BBBBBBBBBBBB");
  EXPECT_EQ(night.notes.front(), no_pinned_build);
  EXPECT_EQ(night.cases[1].verdict, Verdict::environment);
  EXPECT_EQ(night.cases[1].standing, Standing::suspect);
}

TEST(Night, APinnedBuildThatCannotRunIsSaidAndDoneWithout) {
  Played played;
  played.value = [](Arm, const std::string&, int) { return 50; };
  played.failure = [](Arm arm, int) { return arm == Arm::pinned ? "exit status 127" : ""; };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_TRUE(night.arm_failed);
  EXPECT_THAT(night.notes.front(), StartsWith("the pinned build cannot run: exit status 127; no pinned build:"));
  EXPECT_EQ(night.cases[1].verdict, Verdict::environment);
  EXPECT_EQ(played.order, "AABBBBBBBBBBBB") << "twice, then no more";
}

TEST(Night, OneLaunchThatFailsIsRunAgain) {
  Played played = slower_code();
  played.failure = [](Arm, int launch) { return launch == 3 ? "killed by signal 9" : ""; };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_FALSE(night.arm_failed);
  EXPECT_EQ(night.cases[1].verdict, Verdict::regression);
  EXPECT_EQ(played.order.size(), 25U);
}

TEST(Night, TonightsBuildThatCannotRunAgainLeavesItUndecided) {
  Played played = slower_code();
  played.failure = [](Arm arm, int launch) { return arm == Arm::current && launch > 2 ? "no such file" : ""; };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_TRUE(night.arm_failed);
  EXPECT_EQ(night.cases[1].verdict, Verdict::undecided);
  EXPECT_THAT(night.notes.front(), HasSubstr("tonight's build cannot be run again: no such file"));
}

TEST(Night, ACaseThatThePinnedBuildLacksIsJudgedWithoutIt) {
  Played played;
  played.value = [](Arm arm, const std::string&, int) {
    return arm == Arm::pinned ? std::nullopt : std::optional(52.0);
  };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_EQ(night.cases[1].verdict, Verdict::environment);
  EXPECT_THAT(night.cases[1].said[0].sentence, HasSubstr("with this build"));
}

TEST(Night, PairsThatLackAValueAreCounted) {
  Played played = slower_code();
  const auto value = played.value;
  played.value = [value](Arm arm, const std::string& name, int launch) {
    return launch > 7 ? std::nullopt : value(arm, name, launch);
  };
  const NightVerdict night = one_suspect().judged(&played);
  EXPECT_EQ(night.cases[1].verdict, Verdict::undecided);
  EXPECT_THAT(night.cases[1].said[0].sentence, HasSubstr("8 of 12 pairs lack a value"));
}

TEST(Night, ACaseOnSeveralDevicesIsRunOnceForAll) {
  Node node;
  for (const char* device : {"gpu0", "gpu1"}) node.add("memory/b", 52, device);
  node.add("memory/b", 50, "gpu2");
  Played played = slower_code();
  played.devices = {"gpu0", "gpu1", "gpu2"};
  const NightVerdict night = node.judged(&played, 250);
  EXPECT_EQ(night.cases[0].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[1].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[2].verdict, Verdict::ok);
  EXPECT_EQ(night.confirmation_seconds, 240);
}

TEST(Night, SuspectsBeyondTheReserveAreCarriedOver) {
  Node node;
  for (int i = 0; i < 5; ++i) node.add("memory/" + std::to_string(i), 51 + 0.2 * i);
  Played played = slower_code();
  NightVerdict night = node.judged(&played);  // 24 x (4 + 2 x 6) = 384 s: two of them
  EXPECT_EQ(night.cases[4].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[3].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[0].verdict, Verdict::undecided);
  EXPECT_THAT(night.cases[0].said[0].sentence, HasSubstr("beyond tonight's reserve"));
  EXPECT_EQ(night.suspects_beyond_reserve, 3);
  EXPECT_LE(night.confirmation_seconds, 400);

  for (std::size_t i = 0; i < 5; ++i) {
    SeriesNight past = node.tonight[i];
    past.verdict = night.cases[i].verdict, past.standing = night.cases[i].standing;
    node.history[i].past.push_back(past);
  }
  Played next = slower_code();
  night = node.judged(&next, 500);  // first what was promised: 32 x 10 s for one of 16 pairs
  EXPECT_EQ(night.paired[2].pairs, 16);
  EXPECT_EQ(night.cases[2].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[4].said[0].sentence, "open, still +1.80 %");
}

TEST(Night, WhatIsLeftOfTheReserveServesForFirstLooks) {
  Node node;
  for (int i = 0; i < 3; ++i) node.add("memory/" + std::to_string(i), 51 + 0.2 * i);
  Played played;
  played.value = [](Arm, const std::string&, int) { return 50; };
  const NightVerdict night = node.judged(&played);  // two are the same after 192 s, 208 s are less than 240 s for one
  for (const Decision& decision : night.cases) EXPECT_EQ(decision.verdict, Verdict::environment);
  Played slower = slower_code();
  slower.value = [](Arm arm, const std::string& name, int) {
    return arm == Arm::current && name == "memory/0" ? 51 : 50;
  };
  const NightVerdict open = node.judged(&slower);
  EXPECT_EQ(open.paired[0].pairs, 6);
  EXPECT_EQ(open.cases[0].verdict, Verdict::undecided);
  EXPECT_LE(open.confirmation_seconds, 400);
}

TEST(Night, WhatWasCarriedOverAndIsQuietComesAfterWhatIsSuspected) {
  Node node;
  for (int i = 0; i < 3; ++i) node.add("memory/" + std::to_string(i), i == 0 ? 50 : 52);
  SeriesNight carried = night_of(9000, {52, 52});
  carried.standing = Standing::suspect, carried.verdict = Verdict::undecided;
  node.history[0].past.push_back(carried);
  Played played = slower_code();
  const NightVerdict night = node.judged(&played);
  EXPECT_EQ(night.cases[1].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[2].verdict, Verdict::regression);
  EXPECT_EQ(night.cases[0].verdict, Verdict::ok);
  Played idle;
  idle.value = [](Arm, const std::string&, int) { return 50; };
  node.tonight[1].launches = node.tonight[2].launches = {50, 50};
  EXPECT_EQ(node.judged(&idle).paired[0].pairs, 8);
}

TEST(Night, ACaseWhoseConfirmationNeverFitsSaysSo) {
  Played played = slower_code();
  const NightVerdict night = one_suspect().judged(&played, 200);
  EXPECT_EQ(played.order, "");
  EXPECT_THAT(night.cases[1].said[0].sentence, HasSubstr("its confirmation takes 240 s, the reserve is 200 s"));
}

TEST(Night, WithoutAnExecutorASuspectIsUndecided) {
  const NightVerdict night = one_suspect().judged(nullptr);
  EXPECT_EQ(night.cases[1].verdict, Verdict::undecided);
  EXPECT_EQ(exit_status_of(node_verdict(night)), 3);
}

/// Eight compute-bound cases, all slower tonight by `percent`.
Node whole_suite(double percent) {
  Node node;
  for (int i = 0; i < 8; ++i) node.add("gemm/" + std::to_string(i), 50 + percent);
  return node;
}

TEST(Night, AShiftOfTheWholeSuiteIsConfirmedAsOne) {
  Played played = slower_code();
  const NightVerdict night = whole_suite(2).judged(&played);
  ASSERT_TRUE(night.suite);
  EXPECT_EQ(night.suite->verdict, Verdict::regression);
  EXPECT_NEAR(night.suite->said[0].percent, 2, 0.1);
  EXPECT_THAT(night.suite->said[0].sentence, StartsWith("all compute-bound cases: +2.0"));
  EXPECT_EQ(node_verdict(night), Verdict::regression);
  for (const Decision& decision : night.cases) EXPECT_EQ(decision.standing, Standing::suspect);
  EXPECT_EQ(played.lengths.front(), 2U) << "as many as fit";
}

TEST(Night, ANodeThatIsSlowerInEverythingIsDegradedOnItsSecondNight) {
  Node node = whole_suite(2);
  Played played;
  played.value = [](Arm, const std::string&, int) { return 52; };
  const NightVerdict first = node.judged(&played);
  ASSERT_TRUE(first.suite);
  EXPECT_EQ(first.suite->verdict, Verdict::environment);
  for (std::size_t i = 0; i < node.history.size(); ++i) {
    SeriesNight past = node.tonight[i];
    past.verdict = first.cases[i].verdict, past.standing = first.cases[i].standing;
    node.history[i].past.push_back(past);
  }
  Played again;
  again.value = played.value;
  const NightVerdict second = node.judged(&again);
  ASSERT_TRUE(second.suite);
  EXPECT_EQ(second.suite->verdict, Verdict::degraded);
  EXPECT_EQ(node_verdict(second), Verdict::degraded);
}

}  // namespace
}  // namespace gpubench
