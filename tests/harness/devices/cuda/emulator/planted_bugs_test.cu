#include <gmock/gmock.h>

#include "tests/harness/devices/cuda/pipelines.hpp"

// What kernels for Tensor Cores get wrong, put into two that are right: the emulator has to see each one, and in every
// schedule where nothing but the mistake decides. Races need threads that run ahead of others.

namespace gpubench::device_tests {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr const char* wrong_numbers = "should be";

template <class Matcher>
auto in_every_schedule(Matcher says) {
  return AllOf(SizeIs(schedule_count()), Each(says));
}

template <Bug bug>
std::vector<std::string> in_the_ring() {
  return caught(ring_gemm<bug>);
}
template <Bug bug>
std::vector<std::string> in_the_specialised() {
  return caught(specialised_gemm<bug>);
}

TEST(EmulatedPlantedBugs, NoneIsFoundWhereThereIsNone) {
  EXPECT_THAT(in_the_ring<Bug::none>(), SizeIs(0));
  EXPECT_THAT(in_the_specialised<Bug::none>(), SizeIs(0));
}

TEST(EmulatedPlantedBugs, MissingBarrier) {
  EXPECT_THAT(in_the_ring<Bug::missing_barrier>(), in_every_schedule(HasSubstr(wrong_numbers)));
}
// Only who runs ahead of the others fills what they still read.
TEST(EmulatedPlantedBugs, StageRefilledEarly) {
  EXPECT_THAT(in_the_ring<Bug::refilled_early>(), Contains(StartsWith("first-ahead: element")));
  EXPECT_THAT(in_the_ring<Bug::refilled_early>(), Contains(StartsWith("last-ahead: element")));
}
TEST(EmulatedPlantedBugs, WrongWaitCount) {
  EXPECT_THAT(in_the_ring<Bug::wrong_wait_count>(), in_every_schedule(HasSubstr(wrong_numbers)));
}
TEST(EmulatedPlantedBugs, WrongSwizzle) {
  EXPECT_THAT(in_the_ring<Bug::wrong_swizzle>(), in_every_schedule(HasSubstr(wrong_numbers)));
}
TEST(EmulatedPlantedBugs, WrongAddress) {
  EXPECT_THAT(in_the_ring<Bug::wrong_address>(),
              in_every_schedule(AllOf(HasSubstr("cp.async (pipelines.cuh:"), HasSubstr("the block has 24576 bytes"))));
}
TEST(EmulatedPlantedBugs, WrongFragment) {
  EXPECT_THAT(in_the_ring<Bug::wrong_fragment>(), in_every_schedule(HasSubstr(wrong_numbers)));
}

TEST(EmulatedPlantedBugs, TooFewBytes) {
  EXPECT_THAT(in_the_specialised<Bug::too_few_bytes>(), in_every_schedule(HasSubstr("deadlock")));
}
TEST(EmulatedPlantedBugs, TooManyBytes) {
  EXPECT_THAT(
      in_the_specialised<Bug::too_many_bytes>(),
      in_every_schedule(AllOf(HasSubstr("deadlock"), HasSubstr("0 of 1 arrivals missing, 16 bytes outstanding"))));
}
TEST(EmulatedPlantedBugs, PhaseNotFlipped) {
  EXPECT_THAT(in_the_specialised<Bug::phase_not_flipped>(),
              in_every_schedule(HasSubstr("more arrivals than the 1 it was initialised for")));
}
TEST(EmulatedPlantedBugs, WrongCount) { EXPECT_THAT(in_the_specialised<Bug::wrong_count>(), SizeIs(schedule_count())); }
TEST(EmulatedPlantedBugs, StageReleasedEarly) {
  EXPECT_THAT(in_the_specialised<Bug::released_early>(), Contains(StartsWith("first-ahead: element")));
}
TEST(EmulatedPlantedBugs, DescriptorOutOfRange) {
  EXPECT_THAT(in_the_specialised<Bug::wrong_descriptor>(),
              in_every_schedule(HasSubstr("wgmma.mma_async (pipelines.cuh:")));
}
TEST(EmulatedPlantedBugs, DescriptorOfAnotherSwizzle) {
  EXPECT_THAT(in_the_specialised<Bug::wrong_mode>(), in_every_schedule(HasSubstr(wrong_numbers)));
}
TEST(EmulatedPlantedBugs, MissingFenceOfRegisters) {
  EXPECT_THAT(in_the_specialised<Bug::missing_wgmma_fence>(), in_every_schedule(HasSubstr("no wgmma.fence")));
}
TEST(EmulatedPlantedBugs, MissingWaitForProducts) {
  EXPECT_THAT(in_the_specialised<Bug::missing_wgmma_wait>(), in_every_schedule(HasSubstr(wrong_numbers)));
}
TEST(EmulatedPlantedBugs, MissingFenceBeforeAStore) {
  EXPECT_THAT(in_the_specialised<Bug::missing_proxy_fence>(), in_every_schedule(HasSubstr("fence.proxy.async")));
}
TEST(EmulatedPlantedBugs, MissingWaitForStores) {
  EXPECT_THAT(in_the_specialised<Bug::missing_store_wait>(), in_every_schedule(HasSubstr("has not waited for")));
}
TEST(EmulatedPlantedBugs, TileOverABarrier) {
  EXPECT_THAT(in_the_specialised<Bug::overlapping_barrier>(), in_every_schedule(HasSubstr("was overwritten")));
}

}  // namespace
}  // namespace gpubench::device_tests
