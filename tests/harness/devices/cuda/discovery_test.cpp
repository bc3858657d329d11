#include "harness/devices/cuda/discovery.hpp"

#include <gmock/gmock.h>

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

constexpr int here = 13000;

TEST(CudaDiscovery, TheReasonIsTheMachinesAndNotTheRuntimes) {
  EXPECT_EQ(why_none({.driver_version = 0, .runtime_version = here, .status = 35}, nullptr),
            "no NVIDIA driver (libcuda.so.1 not found)");
  EXPECT_THAT(why_none({.driver_version = 12040, .runtime_version = here, .status = 35}, nullptr),
              HasSubstr("carries CUDA 12.4, this plug-in needs 13.0: update the driver to R580"));
  EXPECT_THAT(why_none({.driver_version = 0, .runtime_version = here, .status = 34}, nullptr), HasSubstr("stub"));
  EXPECT_THAT(why_none({.driver_version = 13000, .runtime_version = here, .status = 802}, nullptr),
              HasSubstr("fabric manager"));
  EXPECT_THAT(why_none({.driver_version = 13000, .runtime_version = here, .status = 803}, nullptr),
              HasSubstr("differ"));
}

TEST(CudaDiscovery, ADeviceThatTheUserHidesIsNamedAsHidden) {
  EXPECT_THAT(why_none({.driver_version = 13000, .runtime_version = here, .status = 100}, ""),
              HasSubstr("CUDA_VISIBLE_DEVICES is ''"));
  EXPECT_THAT(why_none({.driver_version = 13000, .runtime_version = here, .status = 100}, nullptr),
              HasSubstr("start the container with GPUs"));
}

TEST(CudaDiscovery, WithDevicesThereIsNoReason) {
  EXPECT_EQ(why_none({.driver_version = 13000, .runtime_version = here, .status = 0, .devices = 1}, nullptr), "");
}

TEST(CudaDiscovery, AskingNeverThrowsWhateverTheMachine) {
  const Answer answer = ask();
  EXPECT_GT(answer.runtime_version, 0);
  EXPECT_EQ(why_none(answer, nullptr).empty(), answer.devices > 0);
}

}  // namespace
}  // namespace gpubench::cuda
