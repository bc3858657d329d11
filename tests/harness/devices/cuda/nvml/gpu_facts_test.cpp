#include "harness/devices/cuda/nvml/gpu_facts.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/devices/cuda/nvml/fake_node.hpp"

namespace gpubench::nvml {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

long active_links(const Gpu& gpu) {
  return std::count_if(gpu.links.begin(), gpu.links.end(), [](const GpuLink& link) { return link.active; });
}

TEST(GpuFacts, OfADgxH100NameTheDriverAndTheLibrary) {
  const GpuNode node = node_of("dgx_h100");
  EXPECT_EQ(node.driver, "580.65.06");
  EXPECT_EQ(node.driver_cuda, 13000);
  EXPECT_EQ(node.nvml_missing, "");
  ASSERT_EQ(node.libraries.size(), 1U);
  EXPECT_EQ(node.libraries[0].name, "NVML");
  EXPECT_EQ(node.libraries[0].version, "13.580.65.06");
  EXPECT_EQ(node.libraries[0].path, GPUBENCH_FAKE_NVML_FILE);
  EXPECT_EQ(node.libraries[0].missing, "");
}

TEST(GpuFacts, OfADgxH100DescribeEightGpus) {
  const GpuNode node = node_of("dgx_h100");
  ASSERT_EQ(node.gpus.size(), 8U);
  const Gpu& gpu = node.gpus[5];
  EXPECT_EQ(gpu.index, 5);
  EXPECT_EQ(gpu.name, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(gpu.uuid, "GPU-00000000-0000-0000-0000-000000000005");
  EXPECT_EQ(gpu.pci, "00000000:C3:00.0");
  EXPECT_EQ(gpu.vbios, "96.00.74.00.01");
  EXPECT_EQ(gpu.compute_capability, "9.0");
  EXPECT_EQ(gpu.memory_bytes, 85520809984.0);
  EXPECT_EQ(gpu.memory_used_bytes, 629145600.0);
  EXPECT_EQ(gpu.numa_node, 1);
  EXPECT_EQ(node.gpus[0].numa_node, 0);
  EXPECT_EQ(gpu.lost, "");
  EXPECT_EQ(gpu.sm_clock_now, 1.98e9);
  EXPECT_EQ(gpu.sm_clock_limit, 1.98e9);
  EXPECT_EQ(gpu.sm_clock_application, std::nullopt) << "the default is not what somebody asked for";
  EXPECT_EQ(gpu.memory_clock_now, 2.619e9);
  EXPECT_EQ(gpu.memory_clock_limit, 2.619e9);
  EXPECT_EQ(gpu.memory_bus_bits, 5120);
  EXPECT_THAT(gpu.slowdown_reasons, IsEmpty());
  EXPECT_EQ(gpu.power_watts, 71);
  EXPECT_EQ(gpu.power_limit_watts, 700);
  EXPECT_EQ(gpu.default_power_limit_watts, 700);
  EXPECT_EQ(gpu.celsius, 30);
  EXPECT_EQ(gpu.persistence, true);
  EXPECT_EQ(gpu.ecc, true);
  EXPECT_EQ(gpu.ecc_pending, true);
  EXPECT_EQ(gpu.ecc_corrected, 0);
  EXPECT_EQ(gpu.ecc_uncorrected, 0);
  EXPECT_EQ(gpu.rows_remapped_uncorrected, 0);
  EXPECT_EQ(gpu.row_remap_failed, false);
  EXPECT_EQ(gpu.mig, false);
  EXPECT_EQ(gpu.fabric, "completed");
  ASSERT_TRUE(gpu.processes.has_value());
  EXPECT_THAT(*gpu.processes, IsEmpty());
}

TEST(GpuFacts, OfADgxH100HaveLinksToFourSwitches) {
  const Gpu gpu = node_of("dgx_h100").gpus.at(2);
  ASSERT_EQ(gpu.links.size(), 18U);
  EXPECT_EQ(active_links(gpu), 18);
  EXPECT_EQ(gpu.links[6].index, 6);
  EXPECT_EQ(gpu.links[6].bytes_per_second, 26.562e9);
  EXPECT_EQ(gpu.links[6].remote, "switch");
  EXPECT_EQ(gpu.links[6].remote_pci, "00000000:09:00.0");
  EXPECT_EQ(gpu.links[6].errors.size(), 5U);
  EXPECT_EQ(gpu.links[6].errors.at("crc_flit"), 0);
  EXPECT_EQ(gpu.pcie.generation, 5);
  EXPECT_EQ(gpu.pcie.width, 16);
  EXPECT_EQ(gpu.pcie.max_generation, 5);
  EXPECT_EQ(gpu.pcie.max_width, 16);
  EXPECT_EQ(gpu.pcie.replays, 0);
  EXPECT_FALSE(gpu.pcie.under_load);
}

TEST(GpuFacts, OfADgxA100HaveTwelveLinksAndNoFabric) {
  const GpuNode node = node_of("dgx_a100");
  ASSERT_EQ(node.gpus.size(), 8U);
  const Gpu& gpu = node.gpus[7];
  EXPECT_EQ(gpu.name, "NVIDIA A100-SXM4-80GB");
  EXPECT_EQ(gpu.compute_capability, "8.0");
  EXPECT_EQ(gpu.links.size(), 12U);
  EXPECT_EQ(active_links(gpu), 12);
  EXPECT_EQ(gpu.fabric, "");
  EXPECT_EQ(gpu.numa_node, 5);
  EXPECT_EQ(gpu.pcie.generation, 4);
}

TEST(GpuFacts, OfAVirtualMachineAreNoneWhereItShowsNothing) {
  const GpuNode node = node_of("one_h200");
  ASSERT_EQ(node.gpus.size(), 1U);
  const Gpu& gpu = node.gpus[0];
  EXPECT_EQ(gpu.lost, "");
  EXPECT_EQ(gpu.links.size(), 18U);
  EXPECT_EQ(active_links(gpu), 0);
  EXPECT_EQ(gpu.fabric, "");
  EXPECT_EQ(gpu.numa_node, std::nullopt) << "the kernel says -1";
  EXPECT_EQ(gpu.pcie.replays, std::nullopt);
  EXPECT_EQ(gpu.row_remap_failed, std::nullopt);
  EXPECT_EQ(gpu.sm_clock_application, std::nullopt);
  EXPECT_EQ(gpu.memory_bytes, 150754820096.0);
}

TEST(GpuFacts, AreReadAgainUnderLoad) {
  Gpu gpu = node_of("dgx_h100", "pcie:4:1x16,set:4:sm_mhz=345").gpus.at(4);
  play("dgx_h100", "powercap:4");
  read_under_load(gpu);
  EXPECT_TRUE(gpu.pcie.under_load);
  EXPECT_EQ(gpu.pcie.generation, 5);
  EXPECT_EQ(gpu.pcie.width, 16);
  EXPECT_EQ(gpu.sm_clock_now, 1.98e9);
  EXPECT_EQ(gpu.power_watts, 700);
  EXPECT_THAT(gpu.slowdown_reasons, ElementsAre("software power cap"));
  EXPECT_EQ(gpu.links.size(), 18U);
  EXPECT_EQ(gpu.numa_node, 1);
}

TEST(GpuFacts, StayAsTheyWereWhereAGpuIsGoneUnderLoad) {
  Gpu gpu = node_of("dgx_h100", "pcie:4:1x16").gpus.at(4);
  for (const char* fault : {"nodriver", "lost:4", "dying:4"}) {
    play("dgx_h100", fault);
    read_under_load(gpu);
    EXPECT_FALSE(gpu.pcie.under_load) << fault;
    EXPECT_EQ(gpu.pcie.generation, 1) << fault;
    EXPECT_EQ(gpu.sm_clock_now, 1.98e9) << fault;
  }
}

TEST(GpuFacts, NameEachReasonForLowClocks) {
  EXPECT_THAT(slowdown_reasons(reason::idle), IsEmpty());
  EXPECT_THAT(slowdown_reasons(reason::hardware_slowdown | reason::hardware_thermal),
              ElementsAre("hardware slowdown", "hardware thermal slowdown"));
  EXPECT_THAT(slowdown_reasons(reason::power_cap | reason::power_brake | reason::software_thermal),
              ElementsAre("software power cap", "software thermal slowdown", "power brake"));
}

}  // namespace
}  // namespace gpubench::nvml
