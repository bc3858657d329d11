#include "reports/verdict/fleet.hpp"

#include <chrono>
#include <cmath>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/random.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Three cases a subsystem, then the next.
std::vector<Subsystem> three_of_each() {
  std::vector<Subsystem> groups;
  for (std::size_t i = 0; i < 3 * subsystems; ++i) groups.push_back(static_cast<Subsystem>(i / 3));
  return groups;
}

/// A fleet whose nodes differ by silicon (0.8 %), and from night to night by 0.1 %.
class Machines {
 public:
  explicit Machines(int nodes) : nodes_(nodes) {}
  FleetNight night(int number) const {
    FleetNight told{.night = fmt::format("n{:03}", number)};
    for (int node = 0; node < nodes_; ++node) {
      const Random own(1, static_cast<std::uint64_t>(node)), noise(2, static_cast<std::uint64_t>(1000 * node + number));
      FleetNode one{.node = fmt::format("node{}", node), .sku = "h100_sxm5_80gb"};
      for (std::size_t i = 0; i < 3 * subsystems; ++i)
        one.values.push_back(500 + 0.8 * own.normal(i / 3) + 0.1 * noise.normal(i));
      told.nodes.push_back(one);
    }
    return told;
  }
  std::vector<FleetNight> past(int nights) const {
    std::vector<FleetNight> told;
    for (int number = 0; number < nights; ++number) told.push_back(night(number));
    return told;
  }

 private:
  int nodes_;
};

void slow_down(FleetNight& night, std::size_t node, Subsystem subsystem, double percent) {
  for (std::size_t i = 0; i < 3; ++i) *night.nodes[node].values[3 * static_cast<std::size_t>(subsystem) + i] += percent;
}

FleetVerdict judged(const FleetNight& tonight,
                    const std::vector<FleetNight>& past,
                    const FleetNight* retest = nullptr) {
  return judge_fleet(tonight, three_of_each(), past, retest);
}

TEST(FleetGroups, ANodeIsHeldAgainstTheMedianOfTheOthers) {
  FleetNight night;
  for (const double value : {10.0, 11.0, 12.0, 20.0})
    night.nodes.push_back({.node = fmt::format("{}", value), .sku = "a", .values = {value, value + 1, value + 5}});
  const std::vector<Subsystem> groups(3, Subsystem::memory);
  const auto told = against_peers(night, groups);
  EXPECT_DOUBLE_EQ(told[0][1].value(), -2);  // 10 against 11, 12, 20
  EXPECT_DOUBLE_EQ(told[1][1].value(), -1);
  EXPECT_DOUBLE_EQ(told[2][1].value(), 1);
  EXPECT_DOUBLE_EQ(told[3][1].value(), 9);
  EXPECT_FALSE(told[0][0]);
  night.nodes.push_back({.node = "e", .sku = "a", .values = {13.0, 14.0, 18.0}});
  EXPECT_DOUBLE_EQ(against_peers(night, groups)[0][1].value(), 10 - 12.5) << "of an even number the mean of two";
}

TEST(FleetGroups, ThreePeersAndThreeCasesAreNeeded) {
  FleetNight night;
  for (int i = 0; i < 4; ++i) night.nodes.push_back({.node = "n", .sku = "a", .values = {1.0, 1.0, 1.0}});
  const std::vector<Subsystem> groups(3, Subsystem::host);
  EXPECT_TRUE(against_peers(night, groups)[0][3]);
  night.nodes[1].values[2].reset();
  EXPECT_FALSE(against_peers(night, groups)[0][3]) << "its third case has two peers";
  night.nodes[1].values[2] = 1;
  night.nodes[1].sku = "b";
  EXPECT_FALSE(against_peers(night, groups)[0][3]);
}

TEST(FleetGroups, WhoIsNoPeerIsJudgedAndDoesNotJudge) {
  FleetNight night;
  for (const double value : {10.0, 10.0, 12.0, 30.0, 30.0})
    night.nodes.push_back({.node = "n", .sku = "a", .values = {value, value, value}});
  const auto told = against_peers(night, std::vector<Subsystem>(3, Subsystem::host), {true, true, true, false, false});
  EXPECT_DOUBLE_EQ(told[3][3].value(), 20);
  EXPECT_FALSE(told[0][3]) << "two peers are left";
}

TEST(Fleet, AQuietFleetHasNothingToTell) {
  const Machines machines(16);
  const FleetVerdict told = judged(machines.night(20), machines.past(20));
  EXPECT_THAT(told.findings, IsEmpty());
  EXPECT_THAT(told.notes, IsEmpty());
  EXPECT_EQ(told.judged, 16);
}

TEST(Fleet, ANodeBehindItsOwnPlaceIsMeasuredAgainAndThenDegraded) {
  const Machines machines(8);
  FleetNight tonight = machines.night(20), later = machines.night(21);
  slow_down(tonight, 3, Subsystem::memory, 2), slow_down(later, 3, Subsystem::memory, 2);
  const FleetVerdict first = judged(tonight, machines.past(20));
  ASSERT_EQ(first.findings.size(), 1U);
  EXPECT_EQ(first.findings[0].node, 3U);
  EXPECT_EQ(first.findings[0].subsystem, Subsystem::memory);
  EXPECT_EQ(first.findings[0].verdict, Verdict::undecided);
  EXPECT_NEAR(first.findings[0].percent, 2, 0.4);
  ASSERT_EQ(first.retests.size(), 1U);
  EXPECT_EQ(first.retests[0].node, "node3");
  EXPECT_EQ(first.retests[0].peers.size(), 3U);
  const FleetVerdict second = judged(tonight, machines.past(20), &later);
  EXPECT_EQ(second.findings[0].verdict, Verdict::degraded);
  EXPECT_THAT(second.findings[0].sentence, HasSubstr("; measured again: +"));
  EXPECT_THAT(second.retests, IsEmpty());
}

TEST(Fleet, WhatIsGoneWhenMeasuredAgainIsTransient) {
  const Machines machines(8);
  FleetNight tonight = machines.night(20);
  const FleetNight later = machines.night(21);
  slow_down(tonight, 3, Subsystem::links, 2);
  EXPECT_EQ(judged(tonight, machines.past(20), &later).findings[0].verdict, Verdict::transient);
}

TEST(Fleet, TheSameSiliconAsEverIsNotDegraded) {
  const Machines machines(8);
  std::vector<FleetNight> past = machines.past(20);
  FleetNight tonight = machines.night(20);
  for (FleetNight& night : past) slow_down(night, 3, Subsystem::compute, 2);
  slow_down(tonight, 3, Subsystem::compute, 2);
  EXPECT_THAT(judged(tonight, past).findings, IsEmpty());
}

TEST(Fleet, ItsOwnPlaceIsThatOfTheLastFourteenNights) {
  const Machines machines(8);
  std::vector<FleetNight> past = machines.past(30);
  FleetNight tonight = machines.night(30);
  for (std::size_t night = 16; night < past.size(); ++night) slow_down(past[night], 3, Subsystem::compute, 2);
  slow_down(tonight, 3, Subsystem::compute, 2);
  EXPECT_THAT(judged(tonight, past).findings, IsEmpty());
}

TEST(Fleet, TheBestNodeIsDegradedWhenItIsOneOfMany) {
  const Machines machines(8);
  std::vector<FleetNight> past = machines.past(20);
  FleetNight tonight = machines.night(20);
  for (FleetNight& night : past) slow_down(night, 3, Subsystem::compute, -6);
  slow_down(tonight, 3, Subsystem::compute, -3);
  const FleetVerdict told = judged(tonight, past);
  ASSERT_EQ(told.findings.size(), 1U);
  EXPECT_EQ(told.findings[0].node, 3U);
}

TEST(Fleet, SuspectsAreNoPeersOfEachOtherWhenMeasuredAgain) {
  const Machines machines(16);
  FleetNight tonight = machines.night(20), all = machines.night(21), later;
  for (std::size_t node = 0; node < 5; ++node)
    slow_down(tonight, node, Subsystem::host, 3), slow_down(all, node, Subsystem::host, 3);
  later.nodes.assign(all.nodes.begin(), all.nodes.begin() + 8);
  const FleetVerdict told = judged(tonight, machines.past(20), &later);
  ASSERT_EQ(told.findings.size(), 5U);
  for (const FleetFinding& finding : told.findings) EXPECT_EQ(finding.verdict, Verdict::degraded);
}

TEST(Fleet, FarBehindItIsSlowWithoutAnyHistory) {
  const Machines machines(12);
  FleetNight tonight = machines.night(20), later = machines.night(21);
  slow_down(tonight, 5, Subsystem::compute, 8), slow_down(later, 5, Subsystem::compute, 8);
  const FleetVerdict told = judged(tonight, {}, &later);
  ASSERT_EQ(told.findings.size(), 1U);
  EXPECT_EQ(told.findings[0].verdict, Verdict::slow);
  EXPECT_NEAR(told.findings[0].percent, 8, 2.5);
}

TEST(Fleet, WhatMovesAllNodesIsNoNodesFault) {
  const Machines machines(8);
  FleetNight tonight = machines.night(20);
  for (std::size_t node = 0; node < 8; ++node) slow_down(tonight, node, Subsystem::compute, 3);
  EXPECT_THAT(judged(tonight, machines.past(20)).findings, IsEmpty());
}

TEST(Fleet, ThreeNodesAreNoFleet) {
  const FleetVerdict told = judged(Machines(3).night(20), Machines(3).past(20));
  EXPECT_THAT(told.notes,
              ElementsAre("h100_sxm5_80gb: 3 nodes, 4 are needed for peers; each has its own history only"));
  EXPECT_EQ(told.judged, 0);
}

TEST(Fleet, SeveralNodesAreFoundAndThePeersOfARetestAreSound) {
  const Machines machines(16);
  FleetNight tonight = machines.night(20);
  for (const std::size_t node : {2U, 9U, 14U}) slow_down(tonight, node, Subsystem::host, 3);
  const FleetVerdict told = judged(tonight, machines.past(20));
  EXPECT_EQ(told.findings.size(), 3U);
  for (const Retest& retest : told.retests)
    for (const std::string& peer : retest.peers)
      EXPECT_THAT((std::vector<std::string>{"node2", "node9", "node14"}), ::testing::Not(::testing::Contains(peer)));
}

TEST(Fleet, ThreeHundredNodesAreJudgedInSeconds) {
  const Machines machines(300);
  FleetNight tonight = machines.night(20);
  slow_down(tonight, 222, Subsystem::memory, 2);
  const auto past = machines.past(14);
  const auto start = std::chrono::steady_clock::now();
  const FleetVerdict told = judged(tonight, past);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  ASSERT_FALSE(told.findings.empty());
  EXPECT_EQ(told.findings[0].node, 222U);
}

}  // namespace
}  // namespace gpubench
