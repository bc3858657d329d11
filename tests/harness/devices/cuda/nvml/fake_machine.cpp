#include "tests/harness/devices/cuda/nvml/fake_machine.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace gpubench::nvml {
namespace {

using nlohmann::json;

[[noreturn]] void end(const std::string& why) {
  std::fprintf(stderr, "fake NVML: %s\n", why.c_str());
  std::exit(70);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> pieces;
  std::istringstream stream(text);
  for (std::string piece; std::getline(stream, piece, separator);) {
    piece.erase(0, piece.find_first_not_of(' '));
    if (!piece.empty()) pieces.push_back(piece);
  }
  return pieces;
}

nvmlDevice_st& gpu_of(FakeMachine& machine, const std::string& index, const std::string& fault) {
  const auto number = static_cast<std::size_t>(std::strtoul(index.c_str(), nullptr, 10));
  if (index.empty() || number >= machine.gpus.size()) end("no GPU '" + index + "' in fault " + fault);
  return *machine.gpus[number];
}

/// Clocks are held down all the time, for these reasons; `time` is the counter that says how long.
void brake(FakeGpu& gpu, unsigned long long reasons, const char* time) {
  gpu.facts["reasons"] = gpu.facts.value("reasons", 0ULL) | reasons;
  if (time) gpu.facts[time] = 1.0;
}

bool add_brake(FakeGpu& gpu, const std::string& kind) {
  if (kind == "throttle") {
    brake(gpu, reason::hardware_slowdown | reason::hardware_thermal, "hardware_thermal_share");
    gpu.facts["sm_mhz"] = gpu.facts.value("sm_max_mhz", 2000) / 2;
    gpu.facts["celsius"] = 92;
  } else if (kind == "software_thermal") {
    brake(gpu, reason::software_thermal, "software_thermal_share");
  } else if (kind == "power_brake") {
    brake(gpu, reason::hardware_slowdown | reason::power_brake, "power_brake_share");
  } else if (kind == "powercap") {
    brake(gpu, reason::power_cap, "power_cap_share");
    gpu.facts["milliwatts"] = gpu.facts["milliwatt_limit"];
  } else if (kind == "slowdown") {
    brake(gpu, reason::hardware_slowdown, nullptr);
  } else {
    return false;
  }
  return true;
}

void add_link_fault(FakeGpu& gpu, const std::string& kind, const std::string& link) {
  (kind == "link" ? gpu.down : gpu.crc_errors).at(std::strtoul(link.c_str(), nullptr, 10)) = true;
}

void add_fact(FakeGpu& gpu, const std::string& assignment) {
  const auto equal = assignment.find('=');
  if (equal == std::string::npos) end("set:G:KEY=VALUE, not set:G:" + assignment);
  std::string value = assignment.substr(equal + 1);
  std::replace(value.begin(), value.end(), ';', ',');
  gpu.facts[assignment.substr(0, equal)] = json::parse(value);
}

void add_gpu_fault(FakeGpu& gpu, const std::string& kind, const std::string& detail, const std::string& fault) {
  if (add_brake(gpu, kind)) return;
  if (kind == "lost")
    gpu.lost = true;
  else if (kind == "dying")
    gpu.dying = true;
  else if (kind == "ecc")
    gpu.ecc_errors = true;
  else if (kind == "replay")
    gpu.replays = true;
  else if (kind == "link" || kind == "crc")
    add_link_fault(gpu, kind, detail);
  else if (kind == "set")
    add_fact(gpu, detail);
  else if (int generation = 0, width = 0;
           kind == "pcie" && std::sscanf(detail.c_str(), "%dx%d", &generation, &width) == 2)
    gpu.facts["pcie"][0] = generation, gpu.facts["pcie"][1] = width;
  else
    end("unknown fault " + fault);
}

void add_fault(FakeMachine& machine, const std::string& fault) {
  const std::vector<std::string> parts = split(fault, ':');
  const auto part = [&](std::size_t at) { return at < parts.size() ? parts[at] : std::string(); };
  const std::size_t colon = fault.find(':', fault.find(':') + 1);  // the detail may have colons of its own
  const std::string detail = colon == std::string::npos ? std::string() : fault.substr(colon + 1);
  if (fault == "nodriver")
    machine.init = Return::driver_not_loaded;
  else if (fault == "mismatch")
    machine.init = Return::lib_rm_version_mismatch;
  else if (part(0) == "missing_function")
    machine.missing_functions.push_back(part(1));
  else
    add_gpu_fault(gpu_of(machine, part(1), fault), part(0), detail, fault);
}

void add_mig(nvmlDevice_st& gpu) {
  for (const json& uuid : gpu.fact("mig_devices")) {
    auto& mig = gpu.mig.emplace_back(std::make_unique<nvmlDevice_st>());
    mig->parent = &gpu;
    mig->facts["uuid"] = uuid;
  }
}

}  // namespace

const json& FakeGpu::fact(const char* key) const {
  static const json none;
  const auto found = facts.find(key);
  return found == facts.end() ? none : *found;
}

double FakeMachine::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int FakeMachine::driver_branch() const { return std::atoi(facts.value("driver", "0").c_str()); }

FakeMachine machine_of_environment() {
  const char* path = std::getenv("GPUBENCH_FAKE_NVML");
  if (!path) end("GPUBENCH_FAKE_NVML does not name a file of tests/data/nvml");
  std::ifstream file(path);
  FakeMachine machine;
  machine.facts = json::parse(file, nullptr, false);
  if (machine.facts.is_discarded()) end(std::string(path) + " is not there or not JSON");
  for (const json& own : machine.facts.at("gpus")) {
    auto& gpu = machine.gpus.emplace_back(std::make_unique<nvmlDevice_st>());
    gpu->facts = machine.facts.value("gpu", json::object());
    gpu->facts.merge_patch(own);
  }
  if (const char* faults = std::getenv("GPUBENCH_FAKE_NVML_FAULTS"))
    for (const std::string& fault : split(faults, ',')) add_fault(machine, fault);
  for (auto& gpu : machine.gpus) add_mig(*gpu);
  return machine;
}

}  // namespace gpubench::nvml
