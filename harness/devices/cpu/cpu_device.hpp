#pragma once

#include <map>
#include <optional>

#include "harness/device.hpp"
#include "harness/devices/cpu/ceiling.hpp"

namespace gpubench {

/// Times by the host's clock: everything a CPU enqueues is done when the call returns, so a sample lies between two
/// marks and nothing is waited for in between.
class CpuPlace : public Place {
 public:
  std::string name() const override { return "cpu"; }
  std::vector<double> time(Kernel& kernel, int runs, int samples) override;
};

/// The host CPU. Takes nothing when it is made.
class CpuDevice : public Device {
 public:
  DeviceInfo info() const override;
  const Catalog& catalog() const override { return catalog_; }
  Catalog& catalog() { return catalog_; }
  Place& place() override { return place_; }
  double available_memory() const override;
  std::optional<double> peak_memory() const override;
  void reset_peak_memory() override;
  double cpu_seconds() const override;
  std::unique_ptr<Watch> watch() override;
  /// By loops of our own, on all usable cores, whatever a library was told to use.
  std::optional<Ceiling> ceiling(const std::string& precision_or_mode) override;

 private:
  Catalog catalog_;
  CpuPlace place_;
  std::map<Precision, cpu::Reached> most_flops_{};
  std::optional<cpu::Reached> most_bytes_{};
  bool peak_is_ours_ = true;  // false after a reset that the system refused: the mark may be an earlier case's
};

}  // namespace gpubench
