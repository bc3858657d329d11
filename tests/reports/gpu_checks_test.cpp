#include "reports/gpu_checks.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include <gmock/gmock.h>

#include "reports/doctor.hpp"
#include "tests/reports/example_gpus.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using enum CheckVerdict;

Check check_of(const Checks& checks, const std::string& group, const std::string& name) {
  const auto found =
      std::ranges::find_if(checks, [&](const Check& check) { return check.group == group && check.name == name; });
  EXPECT_NE(found, checks.end()) << group << ": " << name;
  return found == checks.end() ? Check{} : *found;
}

/// Eight H100 of which GPU 3 was changed: what is then said of it alone.
Check of_gpu_3(const std::string& name, const std::function<void(Gpu&)>& change) {
  GpuNode node = example::dgx_h100();
  change(node.gpus[3]);
  return check_of(gpu_checks(node, example::two_sockets()), "gpu 3", name);
}

/// The same of one H200 in a virtual machine.
Check of_one(const std::string& name, const std::function<void(Gpu&)>& change) {
  GpuNode node = example::virtual_h200();
  change(node.gpus[0]);
  return check_of(gpu_checks(node, {}), "gpu 0", name);
}

TEST(GpuChecks, GroupAndNameAreAKey) {
  for (const GpuNode& node :
       {example::dgx_h100(), example::dgx_h100_in_trouble(), example::virtual_h200(), example::no_driver()}) {
    std::set<std::pair<std::string, std::string>> keys;
    std::vector<std::string> groups;
    for (const Check& check : gpu_checks(node, example::two_sockets())) {
      EXPECT_TRUE(keys.emplace(check.group, check.name).second) << check.group << ": " << check.name;
      if (groups.empty() || groups.back() != check.group) groups.push_back(check.group);
    }
    EXPECT_EQ(std::set(groups.begin(), groups.end()).size(), groups.size()) << "a group in two places";
  }
}

TEST(GpuChecks, WhatAllHaveIsSaidOnceAlsoWhenItIsWrong) {
  GpuNode node = example::dgx_h100();
  for (Gpu& gpu : node.gpus) gpu.persistence = false;
  const Checks checks = gpu_checks(node, example::two_sockets());
  EXPECT_EQ(std::ranges::count(checks, "persistence", &Check::name), 1);
  EXPECT_EQ(check_of(checks, "gpus", "persistence").verdict, warning);
  EXPECT_THAT(check_of(checks, "gpus", "persistence").advice, HasSubstr("nvidia-smi -pm 1"));
}

TEST(GpuChecks, WhoDiffersIsNamed) {
  GpuNode node = example::dgx_h100();
  for (const std::size_t i : {1U, 2U, 5U}) node.gpus[i].persistence = false;
  const Checks checks = gpu_checks(node, example::two_sockets());
  EXPECT_EQ(check_of(checks, "gpus", "persistence").found, "on (gpus 0, 3-4, 6-7)");
  EXPECT_EQ(check_of(checks, "gpus", "persistence").verdict, ok);
  EXPECT_EQ(check_of(checks, "gpus 1-2, 5", "persistence").verdict, warning);
}

TEST(GpuChecks, ALostGpuIsAnErrorAndNothingElseIsAskedOfIt) {
  GpuNode node = example::dgx_h100();
  node.gpus[6] = {.index = 6, .pci = "00000000:6B:00.0", .lost = "fell off the bus"};
  const Checks checks = gpu_checks(node, example::two_sockets());
  const Check lost = check_of(checks, "gpu 6", "answers");
  EXPECT_EQ(lost.verdict, error);
  EXPECT_THAT(lost.advice, HasSubstr("fell off the bus"));
  EXPECT_THAT(lost.found, HasSubstr("00000000:6B:00.0"));
  EXPECT_EQ(std::ranges::count(checks, "gpu 6", &Check::group), 1);
  EXPECT_THAT(check_of(checks, "gpus", "model").found, HasSubstr("7 x NVIDIA H100 80GB HBM3"));
}

TEST(GpuChecks, ALinkThatIsDownAmongItsPeersIsNamed) {
  const Check check = of_gpu_3("NVLink", [](Gpu& gpu) { gpu.links[7].active = false; });
  EXPECT_EQ(check.verdict, error);
  EXPECT_EQ(check.found, "link 7 is down");
  EXPECT_EQ(check.needed, "18 of 18 active, as its peers have");
  const Check two = of_gpu_3("NVLink", [](Gpu& gpu) { gpu.links[7].active = gpu.links[9].active = false; });
  EXPECT_EQ(two.found, "links 7, 9 are down");
  const Check slow = of_gpu_3("NVLink", [](Gpu& gpu) { gpu.links[4].bytes_per_second = 13281e6; });
  EXPECT_EQ(slow.verdict, error);
  EXPECT_EQ(slow.found, "link 4 is slower than the others");
}

TEST(GpuChecks, LinksThatAreDownOnAllDependOnTheKindOfGpu) {
  const auto all_with = [](const std::string& name, int active) {
    GpuNode node = example::dgx_h100();
    for (Gpu& gpu : node.gpus) {
      gpu.name = name;
      for (GpuLink& link : gpu.links) link.active = link.index < active;
    }
    return check_of(gpu_checks(node, example::two_sockets()), "gpus", "NVLink");
  };
  EXPECT_EQ(all_with("NVIDIA H100 NVL", 12).verdict, ok);  // as its bridge joins
  EXPECT_EQ(all_with("NVIDIA H100 PCIe", 0).verdict, ok);  // no bridge
  EXPECT_EQ(all_with("NVIDIA H100 80GB HBM3", 12).verdict, error);
  EXPECT_EQ(all_with("NVIDIA H100 80GB HBM3", 0).verdict, warning);
  EXPECT_THAT(all_with("NVIDIA H100 80GB HBM3", 0).advice, HasSubstr("nvidia-fabricmanager"));
  EXPECT_EQ(of_one("NVLink", [](Gpu&) {}).verdict, ok);  // there is nothing to link to
}

TEST(GpuChecks, CardsHaveTheLinksOfTheirBridgesAndSlicedGpusNone) {
  GpuNode node = example::dgx_h100();
  for (Gpu& gpu : node.gpus) {
    gpu.name = "NVIDIA A40";
    for (GpuLink& link : gpu.links) {
      link.remote = "gpu";
      link.active = gpu.index < 2 && link.index < 4;  // one pair has a bridge
    }
  }
  for (const Check& check : gpu_checks(node, example::two_sockets()))
    EXPECT_TRUE(check.name != "NVLink" || check.verdict == ok) << check.group << ": " << check.found;
  node = example::dgx_h100();
  node.gpus[3].mig = true;
  for (GpuLink& link : node.gpus[3].links) link.active = false;
  for (const Check& check : gpu_checks(node, example::two_sockets()))
    EXPECT_TRUE(check.name != "NVLink" || check.verdict == ok) << check.group << ": " << check.found;
}

TEST(GpuChecks, ErrorsOfLinksAndTheFabricAreTold) {
  const Check errors = of_gpu_3("NVLink errors", [](Gpu& gpu) { gpu.links[2].errors["crc_flit"] = 1200; });
  EXPECT_EQ(errors.verdict, warning);
  EXPECT_EQ(errors.found, "link 2: 1 200 crc_flit");
  const Check starting = of_gpu_3("fabric manager", [](Gpu& gpu) { gpu.fabric = "in progress"; });
  EXPECT_EQ(starting.verdict, error);
  EXPECT_THAT(starting.advice, HasSubstr("CUDA cannot start"));
  const Check slow = of_gpu_3("fabric manager", [](Gpu& gpu) { gpu.fabric = "completed, bandwidth degraded"; });
  EXPECT_EQ(slow.verdict, error);
  EXPECT_THAT(slow.advice, HasSubstr("slower"));
}

TEST(GpuChecks, PcieIsJudgedUnderLoadOnly) {
  const auto narrow = [](Gpu& gpu) { gpu.pcie = {4, 8, 5, 16, true, {}}; };
  EXPECT_EQ(of_gpu_3("PCIe", narrow).verdict, warning);
  EXPECT_EQ(of_gpu_3("PCIe", narrow).found, "gen4 x8 under load");
  EXPECT_EQ(of_gpu_3("PCIe", narrow).needed, "gen5 x16");
  const auto idle = [](Gpu& gpu) { gpu.pcie = {1, 16, 5, 16, false, {}}; };
  EXPECT_EQ(of_one("PCIe", idle).verdict, ok);
  EXPECT_EQ(of_one("PCIe", idle).found, "gen1 x16 while idle, can do gen5 x16");
  EXPECT_EQ(of_one("PCIe", [](Gpu& gpu) { gpu.pcie = {}; }).found, "not told");
}

TEST(GpuChecks, ANumaNodeMattersWhereThereAreSeveral) {
  const auto untold = [](Gpu& gpu) { gpu.numa_node.reset(); };
  EXPECT_EQ(of_gpu_3("NUMA", untold).verdict, warning);
  EXPECT_EQ(of_gpu_3("NUMA", [](Gpu& gpu) { gpu.numa_node = -1; }).verdict, warning);
  EXPECT_EQ(of_one("NUMA", untold).verdict, ok);
}

TEST(GpuChecks, ClocksAndPowerBelowWhatTheHardwareAllows) {
  EXPECT_EQ(of_one("clocks", [](Gpu& gpu) { gpu.sm_clock_application = 1980e6; }).verdict, ok);
  const Check clocks = of_gpu_3("clocks", [](Gpu& gpu) { gpu.sm_clock_application = 1410e6; });
  EXPECT_EQ(clocks.verdict, warning);
  EXPECT_EQ(clocks.found, "SM 1410 MHz of 1980 MHz, memory up to 2619 MHz");
  EXPECT_EQ(of_gpu_3("clocks", [](Gpu& gpu) { gpu.memory_clock_application = 1593e6; }).verdict, warning);
  const Check power = of_gpu_3("power limit", [](Gpu& gpu) { gpu.power_limit_watts = 500; });
  EXPECT_EQ(power.verdict, warning);
  EXPECT_THAT(power.advice, HasSubstr("capped at 500 W: nvidia-smi -pl 700"));
  EXPECT_EQ(of_one("power limit", [](Gpu& gpu) { gpu.power_limit_watts.reset(); }).found, "not told");
}

TEST(GpuChecks, HeatAndPowerBrakesAreFaultsAPowerCapIsNot) {
  const auto verdict = [](const char* reason) {
    return of_one("slowdown", [&](Gpu& gpu) { gpu.slowdown_reasons = {reason}; }).verdict;
  };
  EXPECT_EQ(verdict("software power cap"), ok);
  EXPECT_EQ(verdict("idle"), ok);
  EXPECT_EQ(verdict("hardware thermal slowdown"), error);
  EXPECT_EQ(verdict("software thermal slowdown"), warning);
  EXPECT_EQ(verdict("hardware power brake slowdown"), error);
  EXPECT_EQ(verdict("hardware slowdown"), warning);
  EXPECT_EQ(of_gpu_3("temperature", [](Gpu& gpu) { gpu.celsius = 92; }).found, "92 °C");
  EXPECT_EQ(of_one("temperature", [](Gpu& gpu) { gpu.celsius = 84; }).verdict, ok);
}

TEST(GpuChecks, MemoryThatFails) {
  EXPECT_EQ(of_gpu_3("ECC", [](Gpu& gpu) { gpu.ecc_uncorrected = 1; }).verdict, error);
  EXPECT_EQ(of_one("ECC", [](Gpu& gpu) { gpu.ecc_corrected = 5; }).verdict, ok);
  EXPECT_EQ(of_gpu_3("ECC", [](Gpu& gpu) { gpu.ecc = gpu.ecc_pending = false; }).verdict, warning);
  EXPECT_THAT(of_gpu_3("ECC", [](Gpu& gpu) { gpu.ecc_pending = false; }).found, HasSubstr("off after the next reset"));
  EXPECT_EQ(of_gpu_3("remapped rows", [](Gpu& gpu) { gpu.row_remap_pending = true; }).verdict, warning);
  const Check failed = of_gpu_3("remapped rows", [](Gpu& gpu) { gpu.row_remap_failed = true; });
  EXPECT_EQ(failed.verdict, error);
  EXPECT_THAT(failed.advice, HasSubstr("replace the GPU"));
}

TEST(GpuChecks, MigSaysWhatRunsAndHowToChoose) {
  const Check empty = of_gpu_3("MIG", [](Gpu& gpu) { gpu.mig = gpu.mig_pending = true; });
  EXPECT_EQ(empty.verdict, error);
  const auto sliced = [](Gpu& gpu) {
    gpu.mig = gpu.mig_pending = true;
    gpu.mig_devices = {"MIG-a", "MIG-b"};
  };
  EXPECT_EQ(of_gpu_3("MIG", sliced).verdict, warning);
  EXPECT_EQ(of_gpu_3("MIG", sliced).found, "on, 2 instances");
  EXPECT_THAT(of_gpu_3("MIG", sliced).advice, HasSubstr("--device MIG-"));
  EXPECT_EQ(of_gpu_3("MIG", [](Gpu& gpu) { gpu.mig_pending = true; }).verdict, warning);
}

TEST(GpuChecks, WhoElseComputesIsNamed) {
  const Check seen =
      of_gpu_3("other processes", [](Gpu& gpu) { gpu.processes = std::vector<GpuProcess>{{.pid = 4711}}; });
  EXPECT_EQ(seen.verdict, warning);
  EXPECT_EQ(seen.found, "pid 4711");
  const Check hidden = of_gpu_3("other processes", [](Gpu& gpu) { gpu.memory_used_bytes = 40e9; });
  EXPECT_EQ(hidden.verdict, warning);
  EXPECT_THAT(hidden.found, HasSubstr("none that can be seen, and 40 GB of memory in use"));
  EXPECT_EQ(of_one("other processes", [](Gpu& gpu) { gpu.processes.reset(); }).found, "not told");
}

TEST(GpuChecks, AGpuThatTellsNothingIsNoFault) {
  const Checks checks = gpu_checks({.gpus = {{.index = 0, .name = "NVIDIA X"}}}, {});
  EXPECT_EQ(worst_of(checks), ok) << doctor_text(checks);
  EXPECT_GE(checks.size(), 10U);
}

}  // namespace
}  // namespace gpubench
