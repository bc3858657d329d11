#pragma once

#include "harness/device.hpp"

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

 private:
  Catalog catalog_;
  CpuPlace place_;
  bool peak_is_ours_ = true;  // false after a reset that the system refused: the mark may be an earlier case's
};

}  // namespace gpubench
