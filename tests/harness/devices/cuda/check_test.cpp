#include "harness/devices/cuda/check.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"

namespace gpubench::cuda {
namespace {

using ::testing::HasSubstr;

DeviceLost::Cause cause_of(cudaError_t status) {
  try {
    check(status, "a call");
  } catch (const DeviceLost& lost) {
    return lost.cause();
  }
  ADD_FAILURE() << "no DeviceLost";
  return DeviceLost::Cause::program;
}

TEST(CudaCheck, WhatLaterCallsWouldFailOfTooEndsTheWorker) {
  EXPECT_EQ(cause_of(cudaErrorIllegalAddress), DeviceLost::Cause::program);
  EXPECT_EQ(cause_of(cudaErrorLaunchFailure), DeviceLost::Cause::program);
}

TEST(CudaCheck, WhatNoProgramCanCauseIsTheNodes) {
  EXPECT_EQ(cause_of(cudaErrorECCUncorrectable), DeviceLost::Cause::hardware);
  EXPECT_EQ(cause_of(cudaErrorNvlinkUncorrectable), DeviceLost::Cause::hardware);
}

TEST(CudaCheck, TheRestEndsTheCaseOnly) {
  EXPECT_NO_THROW(check(cudaSuccess, "a call"));
  EXPECT_THROW(check(cudaErrorMemoryAllocation, "a call"), OutOfMemory);
  try {
    check(cudaErrorInvalidValue, "cudaSomething");
    FAIL() << "nothing was thrown";
  } catch (const DeviceLost&) {
    FAIL() << "a wrong argument does not lose a device";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cudaSomething"));
  }
}

}  // namespace
}  // namespace gpubench::cuda
