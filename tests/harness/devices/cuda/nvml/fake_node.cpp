#include "tests/harness/devices/cuda/nvml/fake_node.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/devices/cuda/nvml/gpu_facts.hpp"

namespace gpubench::nvml {
namespace {

std::string file_of(const std::string& machine) { return GPUBENCH_TEST_DATA "/nvml/" + machine + ".json"; }

}  // namespace

void play(const std::string& machine, const std::string& faults) {
  setenv("GPUBENCH_NVML", GPUBENCH_FAKE_NVML_FILE, 1);
  setenv("GPUBENCH_FAKE_NVML", file_of(machine).c_str(), 1);
  setenv("GPUBENCH_FAKE_NVML_FAULTS", faults.c_str(), 1);
}

std::filesystem::path sysfs_of(const std::string& machine) {
  std::string name = testing::TempDir() + "gpubench_sysfs_XXXXXX";
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  const std::filesystem::path root = name;
  std::ifstream file(file_of(machine));
  const nlohmann::json facts = nlohmann::json::parse(file);
  for (const auto& gpu : facts.at("gpus")) {
    std::string id = gpu.at("pci").get<std::string>().substr(4);
    std::transform(
        id.begin(), id.end(), id.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::filesystem::path folder = root / "sys/bus/pci/devices" / id;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "numa_node") << gpu.value("numa_node", -1) << "\n";
  }
  return root;
}

GpuNode node_of(const std::string& machine, const std::string& faults) {
  play(machine, faults);
  const std::filesystem::path root = sysfs_of(machine);
  GpuNode node = gpu_node(root);
  std::filesystem::remove_all(root);
  return node;
}

}  // namespace gpubench::nvml
