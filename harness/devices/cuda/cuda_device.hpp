#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"
#include "harness/devices/cuda/cuda_place.hpp"
#include "harness/devices/cuda/memory.hpp"
#include "harness/devices/cuda/properties.hpp"
#include "harness/devices/cuda/telemetry.hpp"

namespace gpubench::cuda {

/// One GPU, or a slice of one. Makes no context and takes no memory before it is first used.
class CudaDevice : public Device {
 public:
  /// @param libraries as found; the same for all devices of a back-end
  CudaDevice(Properties properties, std::vector<Library> libraries);

  DeviceInfo info() const override;
  const Catalog& catalog() const override { return catalog_; }
  Catalog& catalog() { return catalog_; }
  CudaPlace& place() override { return place_; }
  Memory& memory() { return memory_; }
  const Properties& properties() const { return properties_; }

  double available_memory() const override { return memory_.free_bytes(); }
  /// What was taken through memory(); libraries and the context are not in it.
  std::optional<double> peak_memory() const override { return memory_.peak(); }
  void reset_peak_memory() override { memory_.reset_peak(); }
  double cpu_seconds() const override;
  std::unique_ptr<Watch> watch() override;
  /// What the silicon can do at its highest clock: the share of it is what people call the share of peak.
  std::optional<Ceiling> ceiling(const std::string& precision_or_mode) override;
  std::optional<Ceiling> silicon(const std::string& precision_or_mode, const Watch::Seen& seen) const override;
  std::optional<Condition> condition() override;

 private:
  GpuTelemetry& telemetry();

  Properties properties_;
  std::vector<Library> libraries_;
  Catalog catalog_{};
  Memory memory_;
  CudaPlace place_;
  std::optional<GpuTelemetry> telemetry_{};  // asks NVML, when it is first needed
};

}  // namespace gpubench::cuda
