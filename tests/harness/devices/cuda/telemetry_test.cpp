// Telemetry of GPUs that the fake NVML plays, by the whole way through a loaded library.
#include "harness/devices/cuda/telemetry.hpp"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/devices/cuda/nvml/fake_node.hpp"

namespace gpubench::cuda {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* gpu_2 = "GPU-00000000-0000-0000-0000-000000000002";

/// A window long enough for many polls.
Watch::Seen seen_of(const std::string& machine, const std::string& faults, const std::string& gpu) {
  nvml::play(machine, faults);
  GpuTelemetry telemetry(gpu, 0.005);
  const auto watch = telemetry.watch();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  return watch->stop();
}

TEST(GpuTelemetry, OfAHealthyGpuHasReadingsAndNothingToSay) {
  const Watch::Seen seen = seen_of("dgx_h100", "", gpu_2);
  EXPECT_EQ(seen.readings.at("sm_clock_hz"), 1.98e9);
  EXPECT_EQ(seen.readings.at("sm_clock_max_hz"), 1.98e9);
  EXPECT_EQ(seen.readings.at("memory_clock_hz"), 2.619e9);
  EXPECT_EQ(seen.readings.at("celsius_max"), 30);
  EXPECT_EQ(seen.readings.at("watts_instant"), 70);
  EXPECT_EQ(seen.readings.count("watts"), 0U);
  for (const char* zero : {"power_cap_share",
                           "software_thermal_share",
                           "hardware_thermal_share",
                           "power_brake_share",
                           "ecc_corrected",
                           "ecc_uncorrected",
                           "pcie_replays",
                           "nvlink_errors"})
    EXPECT_EQ(seen.readings.at(zero), 0) << zero;
  EXPECT_THAT(seen.labels, IsEmpty());
  EXPECT_EQ(seen.slowdown, "");
}

TEST(GpuTelemetry, IsOfTheGpuAskedForByEitherName) {
  EXPECT_THAT(seen_of("dgx_h100", "throttle:2", "00000000:52:00.0").slowdown, HasSubstr("up to 92 C"));
  EXPECT_EQ(seen_of("dgx_h100", "throttle:2", "00000000:61:00.0").slowdown, "");
}

// The numbers of the counters are the driver's: another one is wrong on one of these two.
TEST(GpuTelemetry, ReadsTheSlowdownCountersOfEachDriver) {
  for (const char* machine : {"dgx_h100", "one_h200"}) {
    const std::string gpu = std::string(machine) == "dgx_h100" ? "00000000:1B:00.0" : "00000000:06:00.0";
    const Watch::Seen seen = seen_of(machine, "set:0:power_brake_share=0.5", gpu);
    EXPECT_NEAR(seen.readings.at("power_brake_share"), 0.5, 0.2) << machine;
    EXPECT_EQ(seen.readings.at("hardware_thermal_share"), 0) << machine;
    EXPECT_THAT(seen.slowdown, HasSubstr("power brake over")) << machine;
  }
}

TEST(GpuTelemetry, OfAnOlderDriverPollsWhatItHasNoCounterFor) {
  const Watch::Seen brake = seen_of("dgx_a100", "power_brake:0", "00000000:07:00.0");
  EXPECT_EQ(brake.readings.at("power_brake_share"), 1);
  EXPECT_THAT(brake.slowdown, HasSubstr("power brake over 100 %"));
  const Watch::Seen cap = seen_of("dgx_a100", "powercap:0", "00000000:07:00.0");
  EXPECT_THAT(cap.labels, ElementsAre(HasSubstr("% of the window at the limit of 400 W")));
  EXPECT_EQ(cap.slowdown, "");
  EXPECT_EQ(cap.readings.at("watts_instant"), 400) << "GA100 reads instantaneous power";
}

TEST(GpuTelemetry, TheHardwaresSlowdownAloneIsFoundByPolls) {
  EXPECT_THAT(seen_of("dgx_h100", "slowdown:2", gpu_2).slowdown, HasSubstr("in two readings running"));
}

TEST(GpuTelemetry, OneSecondAveragesAreNamedSo) {
  const Watch::Seen seen = seen_of("dgx_h100", "set:2:instant_milliwatts=null", gpu_2);
  EXPECT_EQ(seen.readings.at("watts_average_1s"), 71);
}

TEST(GpuTelemetry, ErrorsInTheWindowAreLabels) {
  const Watch::Seen seen = seen_of("dgx_h100", "ecc:2,crc:2:9,replay:2", gpu_2);
  EXPECT_THAT(seen.labels,
              ElementsAre(HasSubstr("memory errors that ECC could not correct: 1;"),
                          "PCIe packets sent again: 1",
                          "NVLink 9 crc_flit errors: 1"));
}

TEST(GpuTelemetry, ClocksOfTheDeviceCountFromTheBeginningOfTheWatch) {
  nvml::play("dgx_h100");
  GpuTelemetry telemetry(gpu_2);
  telemetry.add_clock(1e9);
  const auto watch = telemetry.watch();
  telemetry.add_clock(1.5e9);
  telemetry.add_clock(1.6e9);
  EXPECT_EQ(watch->stop().readings.at("sm_clock_min_hz"), 1.5e9);
}

TEST(GpuTelemetry, OfAWindowWithoutAPollTakesOneAtItsEnd) {
  nvml::play("dgx_h100");
  GpuTelemetry telemetry(gpu_2, 1000);
  EXPECT_EQ(telemetry.watch()->stop().readings.at("sm_clock_hz"), 1.98e9);
}

TEST(GpuTelemetry, ConditionIsSinceItWasLastAsked) {
  nvml::play("dgx_h100");
  GpuTelemetry telemetry(gpu_2);
  EXPECT_EQ(telemetry.condition().clock_hertz, 1.98e9);
  EXPECT_NEAR(telemetry.condition().watts, 70, 7);
  telemetry.add_clock(1e9);
  telemetry.add_clock(2e9);
  EXPECT_EQ(telemetry.condition().clock_hertz, 1.5e9);
  EXPECT_EQ(telemetry.condition().clock_hertz, 1.98e9);
  std::this_thread::sleep_for(std::chrono::milliseconds(1050));
  EXPECT_NEAR(telemetry.condition().watts, 71, 7) << "by the energy counter";
}

TEST(GpuTelemetry, OfASliceIsThatOfTheWholeGpu) {
  const Watch::Seen seen = seen_of("dgx_h100", "set:2:mig=true,set:2:mig_devices=[\"MIG-a\"]", "MIG-a");
  EXPECT_EQ(seen.readings.at("sm_clock_hz"), 1.98e9);
  EXPECT_THAT(seen.labels, ElementsAre(HasSubstr("MIG: ")));
}

TEST(GpuTelemetry, OfAGpuThatIsGoneSaysSo) {
  EXPECT_THAT(seen_of("dgx_h100", "dying:2", gpu_2).labels, Contains(HasSubstr("NVML could not reach the GPU")));
}

TEST(GpuTelemetry, WithoutADriverHasTheDevicesOwnClocksAndNoOpinion) {
  nvml::play("dgx_h100", "nodriver");
  GpuTelemetry telemetry(gpu_2);
  const auto watch = telemetry.watch();
  telemetry.add_clock(1e9);
  const Watch::Seen seen = watch->stop();
  EXPECT_EQ(seen.readings.at("sm_clock_hz"), 1e9);
  EXPECT_EQ(seen.readings.count("celsius_max"), 0U);
  EXPECT_THAT(seen.labels, IsEmpty());
  EXPECT_EQ(telemetry.condition().watts, 0);
}

TEST(GpuTelemetry, MayEndBeforeItsWatch) {
  nvml::play("dgx_h100");
  auto telemetry = std::make_unique<GpuTelemetry>(gpu_2);
  const auto watch = telemetry->watch();
  telemetry.reset();
  EXPECT_EQ(watch->stop().readings.at("celsius_max"), 30);
}

}  // namespace
}  // namespace gpubench::cuda
