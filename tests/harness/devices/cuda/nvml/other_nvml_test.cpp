// Each suite is run in a process of its own, with another library in GPUBENCH_NVML.
#include <cstdlib>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/devices/cuda/nvml/gpu_facts.hpp"

namespace gpubench::nvml {
namespace {

using testing::HasSubstr;

class OtherNvml : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::getenv("GPUBENCH_NVML")) GTEST_SKIP() << "for ctest: it sets GPUBENCH_NVML";
  }
};
class MissingNvml : public OtherNvml {};
class ForeignNvml : public OtherNvml {};
class OldNvml : public OtherNvml {};

TEST_F(MissingNvml, IsASentenceAndNoGpus) {
  const GpuNode node = gpu_node("/nonexistent");
  EXPECT_THAT(node.nvml_missing, HasSubstr("libnvidia-ml.so.1 not found: GPUBENCH_NVML is set to /nonexistent"));
  EXPECT_TRUE(node.gpus.empty());
  EXPECT_EQ(node.libraries.at(0).missing, node.nvml_missing);
}

TEST_F(ForeignNvml, IsToldByTheFirstFunctionThatItLacks) {
  EXPECT_THAT(gpu_node("/nonexistent").nvml_missing, HasSubstr("has no nvmlInit_v2: another version is needed"));
}

TEST_F(OldNvml, TellsWhatItHas) {
  const GpuNode node = gpu_node("/nonexistent");
  EXPECT_EQ(node.nvml_missing, "");
  ASSERT_EQ(node.gpus.size(), 8U);
  const Gpu& gpu = node.gpus[0];
  EXPECT_EQ(gpu.lost, "");
  EXPECT_EQ(gpu.power_limit_watts, 400);
  EXPECT_EQ(gpu.memory_bytes, 85899345920.0);
  EXPECT_EQ(gpu.memory_bus_bits, std::nullopt);
  EXPECT_EQ(gpu.processes, std::nullopt);
  ASSERT_EQ(gpu.links.size(), 12U) << "by asking each, without their number";
  EXPECT_TRUE(gpu.links[0].active);
  EXPECT_EQ(gpu.links[0].bytes_per_second, 0) << "not told";
}

}  // namespace
}  // namespace gpubench::nvml
