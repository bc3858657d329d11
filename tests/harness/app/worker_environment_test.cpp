#include "harness/app/worker_environment.hpp"

#include <cstdlib>

#include <gmock/gmock.h>

#include "harness/app/circumstances.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(WorkerEnvironment, NothingOfGoogleBenchmarksIsLeft) {
  setenv("BENCHMARK_FILTER", "x", 1);
  setenv("BENCHMARK_OUT", "y", 1);
  setenv("MY_BENCHMARK_FILTER", "z", 1);
  forget_benchmark_variables();
  EXPECT_EQ(std::getenv("BENCHMARK_FILTER"), nullptr);
  EXPECT_EQ(std::getenv("BENCHMARK_OUT"), nullptr);
  EXPECT_STREQ(std::getenv("MY_BENCHMARK_FILTER"), "z");
}

TEST(WorkerEnvironment, DevicesAreNumberedAsNvidiaSmiDoesUnlessTheUserSaysHow) {
  unsetenv("CUDA_DEVICE_ORDER");
  setenv("CUDA_VISIBLE_DEVICES", "2,3", 1);
  prepare_cuda("cuda:1");
  EXPECT_STREQ(std::getenv("CUDA_DEVICE_ORDER"), "PCI_BUS_ID");
  EXPECT_STREQ(std::getenv("CUDA_VISIBLE_DEVICES"), "2,3");
  setenv("CUDA_DEVICE_ORDER", "FASTEST_FIRST", 1);
  prepare_cuda("MIG-1");
  EXPECT_STREQ(std::getenv("CUDA_DEVICE_ORDER"), "FASTEST_FIRST");
  EXPECT_STREQ(std::getenv("CUDA_VISIBLE_DEVICES"), "MIG-1");
}

TEST(WorkerEnvironment, ThreadCountsAreWholeNumbersFromOneUp) {
  for (const char* good : {"1", "64", "8,2"}) {
    setenv("OMP_NUM_THREADS", good, 1);
    EXPECT_FALSE(problem_of_thread_count()) << good;
  }
  for (const char* bad : {"0", "", "-2", "8,", "8,0", "many", "4 "}) {
    setenv("OMP_NUM_THREADS", bad, 1);
    EXPECT_TRUE(problem_of_thread_count()) << bad;
  }
  unsetenv("OMP_NUM_THREADS");
  EXPECT_FALSE(problem_of_thread_count());
}

TEST(WorkerEnvironment, WhatTheUserHasSetStays) {
  setenv("OMP_PROC_BIND", "false", 1);
  unsetenv("GOMP_SPINCOUNT");
  prepare_openmp(7);
  EXPECT_STREQ(std::getenv("OMP_NUM_THREADS"), "7");
  EXPECT_STREQ(std::getenv("OMP_PROC_BIND"), "false");
  EXPECT_STREQ(std::getenv("GOMP_SPINCOUNT"), "10000");
}

TEST(WorkerEnvironment, ACappedInstructionSetIsAWarningWhereTheCpuIsMeasured) {
  setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1);
  EXPECT_THAT(limits_on_the_cpu(), ElementsAre("ONEDNN_MAX_CPU_ISA=AVX2"));
  EXPECT_THAT(context_warnings({.devices = {{.id = "cpu", .kind = "cpu"}}}),
              ElementsAre(HasSubstr("ONEDNN_MAX_CPU_ISA=AVX2 is set")));
  EXPECT_THAT(context_warnings({.devices = {{.id = "cuda:0", .kind = "cuda"}}}), ElementsAre());
  unsetenv("ONEDNN_MAX_CPU_ISA");
  EXPECT_THAT(limits_on_the_cpu(), ElementsAre());
}

}  // namespace
}  // namespace gpubench
