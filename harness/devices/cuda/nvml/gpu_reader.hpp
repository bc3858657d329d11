#pragma once

#include <optional>
#include <string>

#include "harness/devices/cuda/nvml/nvml.hpp"

namespace gpubench::nvml {

/// Asks NVML about one GPU. What it does not tell, for whatever reason, is none; a GPU that is gone is remembered, so
/// that it is not asked on and on: each question to it may take seconds.
class GpuReader {
 public:
  GpuReader(const Functions& nvml, Device device) : nvml_(nvml), device_(device) {}

  /// What `function` writes to its last parameter; `scope` are the ones between that and the device.
  template <class Value, class Function, class... Scope>
  std::optional<Value> get(const Function& function, Scope... scope) {
    Value value{};
    if (!answers(function, scope..., &value)) return std::nullopt;
    return value;
  }
  /// For functions that write several values. @returns whether it did
  template <class Function, class... Arguments>
  bool answers(const Function& function, Arguments... arguments) {
    return !lost_ && took(function(device_, arguments...));
  }
  /// A name, a version, an id; empty where it is not told.
  std::string text(const Function<Return(Device, char*, unsigned)>& function);
  /// One of nvmlDeviceGetFieldValues. @param scope the link, for fields of links
  std::optional<double> field(unsigned number, unsigned scope = 0);

  const Functions& nvml() const { return nvml_; }
  Device device() const { return device_; }
  /// Of the last question.
  Return status() const { return status_; }
  bool lost() const { return lost_; }

 private:
  bool took(Return status);

  const Functions& nvml_;
  Device device_;
  Return status_ = Return::success;
  bool lost_ = false;
};

}  // namespace gpubench::nvml
