#include "harness/devices/cuda/telemetry_window.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/devices/cuda/nvml/abi.hpp"

namespace gpubench::cuda {
namespace {

namespace reason = nvml::reason;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Window window_of(double seconds) {
  Window window;
  window.before.seconds = 100;
  window.after.seconds = 100 + seconds;
  return window;
}

Poll clock(double hertz, unsigned long long reasons = 0) { return {.sm_clock = hertz, .reasons = reasons}; }

TEST(TelemetryWindow, WhereNothingIsToldSaysNothing) {
  const Watch::Seen seen = seen_over({});
  EXPECT_THAT(seen.readings, IsEmpty());
  EXPECT_THAT(seen.labels, IsEmpty());
  EXPECT_EQ(seen.slowdown, "");
}

TEST(TelemetryWindow, OfFiveSecondsHasPowerFromEnergy) {
  Window window = window_of(5);
  window.before.joules = 1000;
  window.after.joules = 4500;
  window.polls = {{.watts = 650}};
  const Watch::Seen seen = seen_over(window);
  EXPECT_EQ(seen.readings.at("energy_joules"), 3500);
  EXPECT_EQ(seen.readings.at("watts"), 700);
  EXPECT_EQ(seen.readings.count("watts_instant"), 0U);
}

TEST(TelemetryWindow, ThatIsShorterHasTheMeanReadingByItsKind) {
  Window window = window_of(4.9);
  window.before.joules = 1000;
  window.after.joules = 4500;
  window.polls = {{.watts = 600}, {.watts = 700}, {}};
  EXPECT_EQ(seen_over(window).readings.at("watts_instant"), 650);
  EXPECT_EQ(seen_over(window).readings.count("watts"), 0U);
  EXPECT_EQ(seen_over(window).readings.count("energy_joules"), 0U);
  window.power = PowerReading::average_over_a_second;
  EXPECT_EQ(seen_over(window).readings.at("watts_average_1s"), 650);
  EXPECT_EQ(seen_over(window).readings.count("watts_instant"), 0U);
}

TEST(TelemetryWindow, ClocksAreTheMedianOfPollsUnderLoad) {
  Window window = window_of(2);
  window.polls = {clock(345e6, reason::idle), clock(1980e6), clock(1410e6), clock(1500e6)};
  const auto readings = seen_over(window).readings;
  EXPECT_EQ(readings.at("sm_clock_hz"), 1500e6);
  EXPECT_EQ(readings.at("sm_clock_min_hz"), 1410e6);
  EXPECT_EQ(readings.at("sm_clock_max_hz"), 1980e6);
}

TEST(TelemetryWindow, ClocksOfTheDeviceGoBeforePolls) {
  Window window = window_of(2);
  window.polls = {clock(1980e6), clock(345e6)};
  window.device_clocks = {1400e6, 1410e6, 1420e6};
  const auto readings = seen_over(window).readings;
  EXPECT_EQ(readings.at("sm_clock_hz"), 1410e6);
  EXPECT_EQ(readings.at("sm_clock_min_hz"), 1400e6);
  EXPECT_EQ(readings.at("sm_clock_max_hz"), 1980e6) << "what cannot be passed counts the highest that was seen";
}

TEST(TelemetryWindow, APowerCapIsALabelAndNoSlowdown) {
  Window window = window_of(10);
  window.before.slowed.power_cap = 3;
  window.after.slowed.power_cap = 9.2;
  window.power_limit_watts = 700;
  const Watch::Seen seen = seen_over(window);
  EXPECT_THAT(seen.labels, ElementsAre("power cap: 62 % of the window at the limit of 700 W"));
  EXPECT_NEAR(seen.readings.at("power_cap_share"), 0.62, 1e-9);
  EXPECT_EQ(seen.slowdown, "");
}

TEST(TelemetryWindow, AThermalSlowdownIsASentenceWithTheTemperature) {
  Window window = window_of(10);
  window.before.slowed.hardware_thermal = 0;
  window.after.slowed.hardware_thermal = 4;
  window.polls = {{.celsius = 88}, {.celsius = 92}};
  const Watch::Seen seen = seen_over(window);
  EXPECT_EQ(seen.slowdown, "hardware thermal slowdown over 40 % of the window, up to 92 C: look at its cooling");
  EXPECT_THAT(seen.labels, IsEmpty());
  EXPECT_EQ(seen.readings.at("celsius_max"), 92);
}

TEST(TelemetryWindow, TheDriversOwnThermalSlowdownAndThePowerBrakeCountToo) {
  Window window = window_of(10);
  window.before.slowed = {.software_thermal = 1, .power_brake = 2};
  window.after.slowed = {.software_thermal = 2, .power_brake = 7};
  EXPECT_EQ(seen_over(window).slowdown,
            "software thermal slowdown over 10 % of the window: look at its cooling; "
            "power brake over 50 % of the window: look at the machine's power supplies");
}

TEST(TelemetryWindow, AMomentBelowAHundredthIsNoSlowdown) {
  Window window = window_of(10);
  window.before.slowed.hardware_thermal = 0;
  window.after.slowed.hardware_thermal = 0.09;
  EXPECT_EQ(seen_over(window).slowdown, "");
  EXPECT_NEAR(seen_over(window).readings.at("hardware_thermal_share"), 0.009, 1e-9);
  window.after.slowed.hardware_thermal = 0.11;
  EXPECT_NE(seen_over(window).slowdown, "");
}

TEST(TelemetryWindow, WithoutCountersOnePollIsEnoughForHeatAndThePowerBrake) {
  Window window = window_of(2);
  window.polls = {clock(1e9), clock(1e9, reason::hardware_thermal | reason::hardware_slowdown), clock(1e9), clock(1e9)};
  EXPECT_THAT(seen_over(window).slowdown, HasSubstr("hardware thermal slowdown over 25 % of the window"));
  window.polls[1] = clock(1e9, reason::power_brake);
  EXPECT_THAT(seen_over(window).slowdown, HasSubstr("power brake over 25 %"));
  window.polls[1] = clock(1e9, reason::software_thermal);
  EXPECT_THAT(seen_over(window).slowdown, HasSubstr("software thermal slowdown over 25 %"));
  window.polls[1] = clock(1e9, reason::power_cap | reason::idle | reason::application_clocks);
  EXPECT_EQ(seen_over(window).slowdown, "");
}

TEST(TelemetryWindow, TheHardwaresSlowdownAloneTakesTwoPollsRunning) {
  Window window = window_of(2);
  window.polls = {clock(1e9, reason::hardware_slowdown), clock(1e9), clock(1e9, reason::hardware_slowdown)};
  EXPECT_EQ(seen_over(window).slowdown, "");
  window.polls.push_back(clock(1e9, reason::hardware_slowdown));
  EXPECT_THAT(seen_over(window).slowdown, HasSubstr("hardware slowdown in two readings running"));
}

TEST(TelemetryWindow, ACounterThatRunsFasterThanTimeOrStandsStillIsNotBelieved) {
  Window window = window_of(2);
  window.before.slowed.power_brake = 0;
  window.after.slowed.power_brake = 40;  // the number of another field in this driver
  EXPECT_EQ(seen_over(window).slowdown, "");
  EXPECT_EQ(seen_over(window).readings.count("power_brake_share"), 0U);
  window.after.slowed.power_brake = 0;
  window.polls = {clock(1e9, reason::power_brake), clock(1e9, reason::power_brake)};
  EXPECT_THAT(seen_over(window).slowdown, HasSubstr("power brake over 100 %"));
  window.polls.clear();
  EXPECT_EQ(seen_over(window).slowdown, "");
  EXPECT_EQ(seen_over(window).readings.at("power_brake_share"), 0);
}

TEST(TelemetryWindow, ErrorsOfMemoryAndLinksAreLabelsWithTheirCounts) {
  Window window = window_of(2);
  window.before.ecc_uncorrected = 5;
  window.after.ecc_uncorrected = 7;
  window.before.ecc_corrected = window.after.ecc_corrected = 9;
  window.before.pcie_replays = 1;
  window.after.pcie_replays = 4;
  window.before.link_errors = {{"NVLink 2 crc_flit", 10}, {"NVLink 2 replay", 3}};
  window.after.link_errors = {{"NVLink 2 crc_flit", 15}, {"NVLink 2 replay", 3}};
  const Watch::Seen seen = seen_over(window);
  EXPECT_THAT(seen.labels,
              ElementsAre("memory errors that ECC could not correct: 2; results are not to be trusted, look at the GPU",
                          "PCIe packets sent again: 3",
                          "NVLink 2 crc_flit errors: 5"));
  EXPECT_EQ(seen.readings.at("ecc_uncorrected"), 2);
  EXPECT_EQ(seen.readings.at("ecc_corrected"), 0);
  EXPECT_EQ(seen.readings.at("pcie_replays"), 3);
  EXPECT_EQ(seen.readings.at("nvlink_errors"), 5);
  EXPECT_EQ(seen.slowdown, "");
}

TEST(TelemetryWindow, ACounterThatWasResetCountsNothing) {
  Window window = window_of(6);
  window.before.ecc_corrected = 9;
  window.after.ecc_corrected = 1;
  window.before.joules = 9;
  window.after.joules = 1;
  EXPECT_THAT(seen_over(window).readings, IsEmpty());
}

TEST(TelemetryWindow, ASliceAndAGpuThatIsGoneAreSaid) {
  Window window = window_of(2);
  window.mig = window.lost = true;
  EXPECT_THAT(seen_over(window).labels, ElementsAre(HasSubstr("MIG: "), HasSubstr("NVML could not reach the GPU")));
}

}  // namespace
}  // namespace gpubench::cuda
