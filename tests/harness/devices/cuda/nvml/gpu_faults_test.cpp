// What is collected of a machine that is broken in one way; the other GPUs go on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/harness/devices/cuda/nvml/fake_node.hpp"

namespace gpubench::nvml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(GpuFaults, NoDriverIsASentenceWithWhatToDo) {
  const GpuNode node = node_of("dgx_h100", "nodriver");
  EXPECT_THAT(node.nvml_missing,
              StartsWith("NVML is there but the NVIDIA driver is not loaded: load its kernel module"));
  EXPECT_THAT(node.gpus, IsEmpty());
  EXPECT_EQ(node.driver, "");
  EXPECT_EQ(node.libraries.at(0).missing, node.nvml_missing);
}

TEST(GpuFaults, ALibraryOfAnotherDriverIsASentence) {
  EXPECT_THAT(node_of("dgx_h100", "mismatch").nvml_missing, HasSubstr("of different driver versions: restart"));
}

TEST(GpuFaults, AGpuOffTheBusIsLostAndTheOthersGoOn) {
  const GpuNode node = node_of("dgx_h100", "lost:3");
  ASSERT_EQ(node.gpus.size(), 8U);
  EXPECT_EQ(node.gpus[3].index, 3);
  EXPECT_THAT(node.gpus[3].lost, StartsWith("the GPU fell off the bus (NVML error 15): look for Xid 79"));
  EXPECT_EQ(node.gpus[3].name, "");
  EXPECT_EQ(node.gpus[4].lost, "");
  EXPECT_EQ(node.gpus[7].links.size(), 18U);
}

TEST(GpuFaults, AGpuThatIsLostWhileItIsReadKeepsWhatWasRead) {
  const Gpu gpu = node_of("dgx_h100", "dying:0").gpus.at(0);
  EXPECT_EQ(gpu.uuid, "GPU-00000000-0000-0000-0000-000000000000");
  EXPECT_EQ(gpu.name, "NVIDIA H100 80GB HBM3");
  EXPECT_THAT(gpu.lost, HasSubstr("fell off the bus"));
  EXPECT_THAT(gpu.links, IsEmpty());
  EXPECT_EQ(gpu.processes, std::nullopt);
}

TEST(GpuFaults, AHotGpuSaysWhyItsClocksAreLow) {
  const GpuNode node = node_of("dgx_h100", "throttle:5");
  EXPECT_THAT(node.gpus.at(5).slowdown_reasons, ElementsAre("hardware slowdown", "hardware thermal slowdown"));
  EXPECT_EQ(node.gpus[5].celsius, 92);
  EXPECT_EQ(node.gpus[5].sm_clock_now, 0.99e9);
  EXPECT_THAT(node.gpus[4].slowdown_reasons, IsEmpty());
}

TEST(GpuFaults, OfPowerAreToldApart) {
  const GpuNode node = node_of("dgx_h100", "power_brake:0,powercap:1");
  EXPECT_THAT(node.gpus.at(0).slowdown_reasons, ElementsAre("hardware slowdown", "power brake"));
  EXPECT_THAT(node.gpus.at(1).slowdown_reasons, ElementsAre("software power cap"));
}

TEST(GpuFaults, MemoryErrorsAreCounted) {
  const GpuNode node = node_of("dgx_h100", "ecc:2, set:2:ecc_corrected=9");
  EXPECT_EQ(node.gpus.at(2).ecc_uncorrected, 2);
  EXPECT_EQ(node.gpus.at(2).ecc_corrected, 9);
  EXPECT_EQ(node.gpus.at(1).ecc_uncorrected, 0);
}

TEST(GpuFaults, ALinkThatIsDownIsThereAndInactive) {
  const Gpu gpu = node_of("dgx_h100", "link:3:7,crc:3:2").gpus.at(3);
  ASSERT_EQ(gpu.links.size(), 18U);
  EXPECT_FALSE(gpu.links[7].active);
  EXPECT_EQ(gpu.links[7].bytes_per_second, 0);
  EXPECT_TRUE(gpu.links[6].active);
  EXPECT_EQ(gpu.links[2].errors.at("crc_flit"), 12345);
}

TEST(GpuFaults, ANarrowSlotShowsBesideWhatItCouldBe) {
  const Gpu gpu = node_of("dgx_h100", "pcie:4:3x8,replay:4").gpus.at(4);
  EXPECT_EQ(gpu.pcie.generation, 3);
  EXPECT_EQ(gpu.pcie.width, 8);
  EXPECT_EQ(gpu.pcie.max_generation, 5);
  EXPECT_EQ(gpu.pcie.max_width, 16);
  EXPECT_EQ(gpu.pcie.replays, 7);
}

TEST(GpuFaults, AFunctionThatADriverLacksIsNotTold) {
  const Gpu gpu = node_of("dgx_h100",
                          "missing_function:nvmlDeviceGetGpuFabricInfoV,missing_function:nvmlDeviceGetPowerUsage,"
                          "missing_function:nvmlDeviceGetMemoryInfo_v2")
                      .gpus.at(0);
  EXPECT_EQ(gpu.lost, "");
  EXPECT_EQ(gpu.fabric, "");
  EXPECT_EQ(gpu.power_watts, std::nullopt);
  EXPECT_EQ(gpu.memory_bytes, 85520809984.0) << "by the older function";
}

TEST(GpuFaults, AFabricThatIsNotReadySaysHowFarItIs) {
  EXPECT_EQ(node_of("dgx_h100", "set:1:fabric_state=2").gpus.at(1).fabric, "in progress");
  EXPECT_EQ(node_of("dgx_h100", "set:1:fabric_state=1").gpus.at(1).fabric, "not started");
  EXPECT_EQ(node_of("dgx_h100", "set:1:fabric_degraded=true").gpus.at(1).fabric, "completed, bandwidth degraded");
}

TEST(GpuFaults, RemappedRowsOtherProcessesAndAskedForClocksAreSeen) {
  const GpuNode node = node_of("dgx_h100",
                               "set:1:remapped_rows=[2;1;1;0],set:1:sm_application_mhz=1200,"
                               "set:1:processes=[{\"pid\":77;\"bytes\":1048576};{\"pid\":78}]");
  const Gpu& gpu = node.gpus.at(1);
  EXPECT_EQ(gpu.rows_remapped_corrected, 2);
  EXPECT_EQ(gpu.rows_remapped_uncorrected, 1);
  EXPECT_EQ(gpu.row_remap_pending, true);
  EXPECT_EQ(gpu.row_remap_failed, false);
  EXPECT_EQ(gpu.sm_clock_application, 1.2e9);
  ASSERT_TRUE(gpu.processes && gpu.processes->size() == 2);
  EXPECT_EQ((*gpu.processes)[0].pid, 77);
  EXPECT_EQ((*gpu.processes)[0].memory_bytes, 1048576);
  EXPECT_EQ((*gpu.processes)[1].memory_bytes, 0) << "not told";
}

TEST(GpuFaults, MigDevicesAreNamed) {
  const Gpu gpu = node_of("dgx_h100", "set:6:mig=true,set:6:mig_devices=[\"MIG-a\";\"MIG-b\"]").gpus.at(6);
  EXPECT_EQ(gpu.mig, true);
  EXPECT_EQ(gpu.mig_pending, false);
  EXPECT_THAT(gpu.mig_devices, ElementsAre("MIG-a", "MIG-b"));
}

}  // namespace
}  // namespace gpubench::nvml
