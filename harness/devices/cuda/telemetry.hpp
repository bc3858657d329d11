#pragma once

#include <memory>
#include <string>

#include "harness/device.hpp"

namespace gpubench::cuda {

/// Clocks, power, heat and errors of one GPU by NVML, for as long as a device lives. Without NVML, or where a GPU does
/// not tell, there is less in what it says and nothing throws; gpu_node() has the reason.
class GpuTelemetry {
 public:
  /// @param gpu `GPU-…` or `MIG-…`, or a PCI id. @param poll_seconds how often a watch looks
  explicit GpuTelemetry(const std::string& gpu, double poll_seconds = 0.2);
  GpuTelemetry(const GpuTelemetry&) = delete;
  GpuTelemetry(GpuTelemetry&&) = delete;
  GpuTelemetry& operator=(const GpuTelemetry&) = delete;
  GpuTelemetry& operator=(GpuTelemetry&&) = delete;
  ~GpuTelemetry();

  /// From now to its stop(); a thread of its own polls. It may outlive this object.
  std::unique_ptr<Watch> watch();
  /// Since it was last asked: the clock by add_clock(), else as NVML shows it now; power by the energy counter over a
  /// second and more, else NVML's reading.
  Condition condition();
  /// What the SMs' clock was, by clock64 and globaltimer over some work. From any thread.
  void add_clock(double hertz);

  struct State;  ///< shared with its watches

 private:
  std::shared_ptr<State> state_;
};

}  // namespace gpubench::cuda
