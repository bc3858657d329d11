#include "tests/harness/devices/cuda/pipelines.hpp"

namespace gpubench::device_tests {
namespace {

DEVICE_TEST(Pipeline, RingOfCopiesAndMma) {
  on_every_schedule([](const Device& device) { EXPECT_EQ(ring_gemm<Bug::none>(device), ""); });
}

DEVICE_TEST(Pipeline, WarpSpecialisedWgmma) {
  NEEDS_COMPUTE_CAPABILITY(90);
  on_every_schedule([](const Device& device) { EXPECT_EQ(specialised_gemm<Bug::none>(device), ""); });
}

}  // namespace
}  // namespace gpubench::device_tests
