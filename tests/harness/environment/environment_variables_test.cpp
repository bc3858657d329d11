#include "harness/environment/environment_variables.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace gpubench {
namespace {

TEST(EnvironmentVariables, ThoseThatChangeHowLibrariesComputeMayBeWritten) {
  for (const char* variable : {"OMP_NUM_THREADS",
                               "GOMP_SPINCOUNT",
                               "ONEDNN_MAX_CPU_ISA",
                               "DNNL_VERBOSE",
                               "CUDA_VISIBLE_DEVICES",
                               "CUDA_DEVICE_ORDER",
                               "CUDA_MODULE_LOADING",
                               "NVIDIA_TF32_OVERRIDE",
                               "CUBLAS_WORKSPACE_CONFIG",
                               "CUDNN_LOGLEVEL_DBG",
                               "NCCL_ALGO"})
    EXPECT_TRUE(may_be_written(variable)) << variable;
}

TEST(EnvironmentVariables, EverythingElseMayNot) {
  for (const char* variable : {"HOME",
                               "PATH",
                               "LD_LIBRARY_PATH",
                               "AWS_SECRET_ACCESS_KEY",
                               "CUDA_VISIBLE_DEVICES_X",
                               "MY_OMP_THREADS",
                               "OMP",
                               "nccl_algo",
                               ""})
    EXPECT_FALSE(may_be_written(variable)) << variable;
}

TEST(EnvironmentVariables, WhatLooksLikeASecretMayNotWhateverItsBeginning) {
  for (const char* variable : {"NCCL_AUTH", "NCCL_API_TOKEN", "NCCL_SOCKET_KEY", "CUDNN_PASSWORD", "OMP_SECRET"})
    EXPECT_FALSE(may_be_written(variable)) << variable;
}

TEST(EnvironmentVariables, AreThoseOfThisProcess) {
  setenv("OMP_PLACES", "{0}=1", 1);
  setenv("GPUBENCH_TEST_PASSWORD", "x", 1);
  const auto found = environment_variables();
  EXPECT_EQ(found.at("OMP_PLACES"), "{0}=1");
  EXPECT_FALSE(found.contains("GPUBENCH_TEST_PASSWORD"));
  unsetenv("OMP_PLACES");
  EXPECT_FALSE(environment_variables().contains("OMP_PLACES"));
}

}  // namespace
}  // namespace gpubench
