#include "reports/machine_checks.hpp"

#include <algorithm>

#include <gmock/gmock.h>

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using enum CheckVerdict;

Processor good_processor() {
  return {.model = "Intel Xeon",
          .machine = {.cpus = 8, .cores = 8, .sockets = 1},
          .ours = {.cpus = 8, .cores = 8, .sockets = 1},
          .allowed = "0-7",
          .instruction_sets = {"avx2", "avx512f", "avx512_bf16", "amx_tile", "amx_bf16"}};
}

Check check_of(const Checks& checks, const std::string& name) {
  const auto found = std::ranges::find(checks, name, &Check::name);
  EXPECT_NE(found, checks.end()) << name;
  return found == checks.end() ? Check{} : *found;
}

bool all_ok(const Checks& checks) {
  return std::ranges::all_of(checks, [](const Check& check) { return check.verdict == ok && check.advice.empty(); });
}

TEST(ProcessorChecks, AWholeMachineWithAmxIsWell) {
  EXPECT_TRUE(all_ok(processor_checks(good_processor(), "avx512_core_amx")));
}

TEST(ProcessorChecks, APartOfTheMachineIsAWarningAndNoneAnError) {
  Processor processor = good_processor();
  processor.ours.cpus = processor.ours.cores = 1;
  processor.allowed = "3";
  const Check part = check_of(processor_checks(processor, ""), "allowed CPUs");
  EXPECT_EQ(part.verdict, warning);
  EXPECT_EQ(part.found, "3 (1 of 8)");
  EXPECT_THAT(part.advice, HasSubstr("only 1 of 8 CPUs may be used"));
  processor.ours.cpus = 0;
  EXPECT_EQ(check_of(processor_checks(processor, ""), "allowed CPUs").verdict, error);
}

TEST(ProcessorChecks, AQuotaBelowTheAllowedProcessorsIsAWarning) {
  Processor processor = good_processor();
  processor.group_quota = 2.5;
  const Check check = check_of(processor_checks(processor, ""), "control group");
  EXPECT_EQ(check.verdict, warning);
  EXPECT_EQ(check.found, "quota of 2.5 CPUs");
  EXPECT_EQ(check.needed, "a quota of 8 CPUs or none");
  processor.group_quota = 8;
  EXPECT_EQ(check_of(processor_checks(processor, ""), "control group").verdict, ok);
}

TEST(ProcessorChecks, SiblingsOnOneCoreAreAWarning) {
  Processor processor = good_processor();
  processor.ours.cores = 4;
  const Check check = check_of(processor_checks(processor, ""), "SMT");
  EXPECT_EQ(check.verdict, warning);
  EXPECT_THAT(check.advice, HasSubstr("OMP_NUM_THREADS=4 OMP_PLACES=cores"));
  processor.ours.cores = 0;  // not told
  EXPECT_EQ(check_of(processor_checks(processor, ""), "SMT").verdict, ok);
}

TEST(ProcessorChecks, WithoutAmxBf16IsSlower) {
  Processor processor = good_processor();
  processor.instruction_sets = {"avx2", "avx512f", "avx512_bf16"};
  EXPECT_EQ(check_of(processor_checks(processor, ""), "instruction sets").advice,
            "no AMX: bf16 will be slower than fp32 on this CPU");
  processor.instruction_sets = {"avx2"};
  EXPECT_THAT(check_of(processor_checks(processor, ""), "instruction sets").advice, HasSubstr("or unsupported"));
}

TEST(ProcessorChecks, WhatOneDnnLeavesUnusedIsTold) {
  const auto used = [](const std::string& isa) {
    return check_of(processor_checks(good_processor(), isa), "used by oneDNN");
  };
  EXPECT_EQ(used("avx512_core_amx").verdict, ok);
  EXPECT_EQ(used("avx512_core_bf16").needed, "amx");
  EXPECT_EQ(used("avx2").verdict, warning);
  Processor old = good_processor();
  old.instruction_sets = {"avx2", "avx512f"};
  EXPECT_EQ(check_of(processor_checks(old, "avx512_core"), "used by oneDNN").verdict, ok);
  EXPECT_EQ(check_of(processor_checks(old, "avx2"), "used by oneDNN").needed, "avx512");
}

TEST(VariableChecks, OnlyWhatNarrowsIsAWarning) {
  const Checks checks = variable_checks({{"OMP_NUM_THREADS", "2"},
                                         {"OMP_PROC_BIND", "false"},
                                         {"ONEDNN_MAX_CPU_ISA", "AVX2"},
                                         {"ONEDNN_VERBOSE", "1"},
                                         {"CUDA_VISIBLE_DEVICES", "0"}},
                                        4);
  EXPECT_EQ(checks.size(), 4U);  // those of CUDA are not about the CPU
  EXPECT_THAT(check_of(checks, "OMP_NUM_THREADS").advice, HasSubstr("fewer threads than the 4 CPUs"));
  EXPECT_EQ(check_of(checks, "OMP_PROC_BIND").verdict, warning);
  EXPECT_EQ(check_of(checks, "ONEDNN_MAX_CPU_ISA").verdict, warning);
  EXPECT_EQ(check_of(checks, "ONEDNN_VERBOSE").verdict, ok);
  EXPECT_EQ(check_of(variable_checks({{"OMP_NUM_THREADS", "4"}}, 4), "OMP_NUM_THREADS").verdict, ok);
  EXPECT_THAT(check_of(variable_checks({{"OMP_NUM_THREADS", "8"}}, 4), "OMP_NUM_THREADS").advice,
              HasSubstr("more threads than the 4 CPUs"));
  EXPECT_TRUE(all_ok(variable_checks({}, 4)));
}

TEST(ClockChecks, AnyGovernorButPerformanceIsAWarning) {
  const auto governor = [](const std::string& name) {
    return check_of(clock_checks({.governor = name}, good_processor()), "governor");
  };
  EXPECT_EQ(governor("powersave").verdict, warning);
  EXPECT_THAT(governor("powersave").advice, HasSubstr("cpupower frequency-set -g performance"));
  EXPECT_EQ(governor("performance, powersave").verdict, warning);
  EXPECT_EQ(governor("performance").verdict, ok);
  EXPECT_EQ(governor("").verdict, ok);
  Processor guest = good_processor();
  guest.virtual_machine = true;
  EXPECT_THAT(check_of(clock_checks({}, guest), "governor").found, HasSubstr("its host decides"));
}

MemoryLimits roomy() { return {.total = 64e9, .available = 60e9, .huge_pages = "always"}; }

TEST(MemoryChecks, ARoomyMachineIsWell) { EXPECT_TRUE(all_ok(memory_checks(roomy()))); }

TEST(MemoryChecks, EachLimitIsHeldAgainstWhatTrainingTakes) {
  MemoryLimits limits = roomy();
  limits.available = 1e9;
  EXPECT_EQ(check_of(memory_checks(limits), "available").verdict, warning);
  limits = roomy();
  limits.group_limit = 4e9;
  limits.group_used = 2e9;
  EXPECT_EQ(check_of(memory_checks(limits), "control group").verdict, warning);
  EXPECT_EQ(check_of(memory_checks(limits), "control group").found, "limit 4.0 GB, 2.0 GB in use");
  limits.group_used = 0.5e9;
  EXPECT_EQ(check_of(memory_checks(limits), "control group").verdict, ok);
  limits.address_space = 2e9;
  EXPECT_THAT(check_of(memory_checks(limits), "address space").advice, HasSubstr("ulimit -v unlimited"));
}

TEST(MemoryChecks, HugePagesThatAreOffAreAWarning) {
  MemoryLimits limits = roomy();
  for (const char* mode : {"always", "madvise", ""}) {
    limits.huge_pages = mode;
    EXPECT_EQ(check_of(memory_checks(limits), "huge pages").verdict, ok) << mode;
  }
  limits.huge_pages = "never";
  EXPECT_EQ(check_of(memory_checks(limits), "huge pages").verdict, warning);
}

TEST(MemoryChecks, SeveralNodesAreListed) {
  MemoryLimits limits = roomy();
  limits.nodes = {{.id = 0, .bytes = 32e9, .cpus = "0-3"}, {.id = 1, .bytes = 32e9, .cpus = "4-7"}};
  EXPECT_EQ(check_of(memory_checks(limits), "NUMA").found, "node 0: 32 GB, CPUs 0-3; node 1: 32 GB, CPUs 4-7");
}

TEST(NeighbourChecks, AQuietMachineIsWell) {
  EXPECT_TRUE(all_ok(neighbour_checks({.share = 0.04}, 0.5, 0.01, {0.1, 0.2, 0.3}, 8)));
}

TEST(NeighbourChecks, WhoTakesTheProcessorIsNamed) {
  Neighbours busy{.share = 0.4, .stolen_share = 0.06};
  for (int i = 0; i < 10; ++i) busy.busy.push_back({.process = 100 + i, .name = "cc1plus", .share = 0.9});
  const Checks checks = neighbour_checks(busy, 0.5, std::nullopt, {}, 8);
  EXPECT_EQ(check_of(checks, "CPU use of others").verdict, warning);
  EXPECT_THAT(check_of(checks, "CPU use of others").advice, HasSubstr("others are using 40 % of the CPU"));
  EXPECT_EQ(check_of(checks, "stolen by the host").verdict, warning);
  EXPECT_THAT(check_of(checks, "processes").found, HasSubstr("cc1plus (pid 100) 90 %"));
  EXPECT_THAT(check_of(checks, "processes").found, ::testing::EndsWith("and 2 more"));
}

}  // namespace
}  // namespace gpubench
