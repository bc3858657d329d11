#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/catalog.hpp"
#include "harness/kernel.hpp"

namespace gpubench {

/// A library that an implementation uses. `path` is where it was found; when it was not, `missing` says so in a
/// sentence.
struct Library {
  std::string name{};
  std::string version{};
  std::string path{};
  std::string missing{};
};

/// What a device is, as found. Plain data for the run file.
struct DeviceInfo {
  std::string id{};    ///< `cpu`, `cuda:0`; the name that --device takes
  std::string kind{};  ///< `cpu`, `cuda`
  std::string model{};
  std::string uuid{};                   ///< empty for a CPU
  std::string pci{};                    ///< `00000000:1B:00.0`, empty for a CPU
  int cores = 0;                        ///< that this process may use; multiprocessors of a GPU
  std::string isa{};                    ///< effective: what the library will use, `avx512_core_amx`; `sm_90`
  std::vector<std::string> features{};  ///< for people: `AMX`
  double memory_bytes = 0;
  std::vector<Library> libraries{};
};

/// Watches a device from its making to stop().
class Watch {
 public:
  virtual ~Watch() = default;
  /// Readings over the window by name (`others_cpu_share`), and remarks on them.
  struct Seen {
    std::map<std::string, double> readings{};
    std::vector<std::string> labels{};
    std::string slowdown{};  ///< the hardware braked itself (heat, power supply): a sentence; empty: it did not
  };
  virtual Seen stop() = 0;
};

/// How hard a device works, averaged since it was last asked. 0: cannot be told.
struct Condition {
  double clock_hertz = 0;
  double watts = 0;
};

/// Where a kernel runs: here one device. It owns the clock.
class Place {
 public:
  virtual ~Place() = default;
  virtual std::string name() const = 0;

  /// Enqueues `samples` batches of `runs` runs back to back, without waiting in between, then waits for all.
  /// @returns for each batch its seconds divided by `runs`.
  virtual std::vector<double> time(Kernel& kernel, int runs, int samples) = 0;
};

/// One accelerator, or the host CPU. Takes its memory on first use, never when it is made.
class Device {
 public:
  virtual ~Device() = default;
  virtual DeviceInfo info() const = 0;
  virtual const Catalog& catalog() const = 0;
  virtual Place& place() = 0;

  /// Bytes that can be taken now, limits of the container included.
  virtual double available_memory() const = 0;
  /// The most memory in use at one time since reset_peak_memory(); none where it cannot be read.
  virtual std::optional<double> peak_memory() const = 0;
  virtual void reset_peak_memory() = 0;
  /// Processor seconds that this process has used.
  virtual double cpu_seconds() const = 0;
  virtual std::unique_ptr<Watch> watch() = 0;
  /// For a row of this precision or mode; measured when it is first asked for (under a second), then kept. None where
  /// the device has no such loop.
  virtual std::optional<Ceiling> ceiling(const std::string& precision_or_mode) {
    (void)precision_or_mode;
    return std::nullopt;
  }
  /// What the silicon cannot pass at the highest clock that was seen in a window: a figure above it is no measurement.
  /// None where it is not known.
  virtual std::optional<Ceiling> silicon(const std::string& precision_or_mode, const Watch::Seen& seen) const {
    (void)precision_or_mode, (void)seen;
    return std::nullopt;
  }
  /// A device whose clock and power move is settled when they are steady, too. None: time alone tells.
  virtual std::optional<Condition> condition() { return std::nullopt; }
};

}  // namespace gpubench
