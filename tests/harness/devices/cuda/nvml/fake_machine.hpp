#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/devices/cuda/nvml/abi.hpp"

// The machine that the fake NVML speaks for. GPUBENCH_FAKE_NVML names a JSON file (tests/data/nvml): `driver`, `nvml`,
// `cuda`; `gpu`, what all GPUs share, and `gpus`, each with what is its own; a fact that is absent or null is one that
// NVML answers with "not supported". GPUBENCH_FAKE_NVML_FAULTS breaks it, a list with commas:
//
//   nodriver, mismatch          nvmlInit fails           lost:G         GPU G fell off the bus
//   missing_function:NAME       the driver is too old    dying:G        it does so once its name is read
//   throttle:G                  too hot, clocks halved   power_brake:G  the power supply brakes
//   software_thermal:G          the driver brakes        powercap:G     the power limit brakes
//   slowdown:G                  hardware, not said why   pcie:G:3x8     trained to generation 3, 8 lanes
//   link:G:L                    link L is down           crc:G:L        it has errors, one more at each look
//   ecc:G, replay:G             errors, one more at each look           set:G:KEY=VALUE  any fact
//
// VALUE is JSON with semicolons for its commas.
namespace gpubench::nvml {

/// Counters that go up by one whenever somebody looks at them.
struct Looks {
  std::atomic<int> ecc{0}, replay{0};
  std::array<std::atomic<int>, most_links> crc{};
};

/// One GPU, or a MIG device of one.
struct FakeGpu {
  nlohmann::json facts{};
  std::vector<std::unique_ptr<nvmlDevice_st>> mig{};
  nvmlDevice_st* parent = nullptr;  ///< of a MIG device
  bool lost = false, dying = false, ecc_errors = false, replays = false;
  std::array<bool, most_links> crc_errors{}, down{};
  std::unique_ptr<Looks> looks = std::make_unique<Looks>();

  /// A fact; null where there is none.
  const nlohmann::json& fact(const char* key) const;
};

struct FakeMachine {
  nlohmann::json facts{};
  std::vector<std::unique_ptr<nvmlDevice_st>> gpus{};
  std::vector<std::string> missing_functions{};
  Return init = Return::success;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  double seconds() const;
  int driver_branch() const;
};

/// As the environment describes it. A file or a fault that is wrong ends the process with a sentence: a test is broken.
FakeMachine machine_of_environment();

}  // namespace gpubench::nvml

/// What a handle points at.
struct nvmlDevice_st : gpubench::nvml::FakeGpu {};
