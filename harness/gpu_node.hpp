#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"

namespace gpubench {

// What the driver says of the GPUs of this machine, whether anything can run on them or not: plain data for doctor, the
// run file and the digest. A fact that it does not tell is none, or empty.

/// One link of a GPU to another GPU or to a switch (NVLink).
struct GpuLink {
  int index = 0;
  bool active = false;
  double bytes_per_second = 0;                   ///< line rate of one direction as NVML reports it; 0: it does not
  std::string remote{};                          ///< `gpu`, `switch`, `cpu`; empty where it is not known
  std::string remote_pci{};                      ///< `00000000:05:00.0`
  std::map<std::string, std::int64_t> errors{};  ///< since the driver was loaded: `replay`, `recovery`, `crc_flit`, …
};

/// The way from the host to a GPU. Generation and width fall while a GPU is idle: `under_load` says whether they were
/// read while a copy ran.
struct GpuPcie {
  int generation = 0, width = 0;          ///< as trained now; 0: not told
  int max_generation = 0, max_width = 0;  ///< of what this GPU and this slot can do together
  bool under_load = false;
  std::optional<std::int64_t> replays{};  ///< since the driver was loaded
};

struct GpuProcess {
  std::int64_t pid = 0;  ///< in the driver's name space, which a container may not share
  double memory_bytes = 0;
};

struct Gpu {
  int index = 0;  ///< NVML's, which is nvidia-smi's: by PCI address
  std::string name{};
  std::string uuid{};  ///< `GPU-…`
  std::string pci{};   ///< `00000000:1B:00.0`
  std::string vbios{};
  std::string compute_capability{};  ///< `9.0`
  double memory_bytes = 0, memory_used_bytes = 0;
  std::optional<int> numa_node{};  ///< of the host
  std::string lost{};              ///< why nothing more could be read: it fell off the bus; empty: it answers

  // Hertz. `now` is a glance; `limit`s are what the hardware allows; `application` is what somebody asked for.
  std::optional<double> sm_clock_now{}, sm_clock_limit{}, sm_clock_application{};
  std::optional<double> memory_clock_now{}, memory_clock_limit{}, memory_clock_application{};
  std::optional<int> memory_bus_bits{};
  std::vector<std::string> slowdown_reasons{};  ///< now: `software power cap`, `hardware thermal slowdown`, …

  std::optional<double> power_watts{}, power_limit_watts{}, default_power_limit_watts{};
  std::optional<double> celsius{};
  std::optional<bool> persistence{};

  std::optional<bool> ecc{}, ecc_pending{};                        ///< on; on after the next reset
  std::optional<std::int64_t> ecc_corrected{}, ecc_uncorrected{};  ///< since the driver was loaded
  std::optional<int> rows_remapped_corrected{}, rows_remapped_uncorrected{};
  std::optional<bool> row_remap_pending{}, row_remap_failed{};

  std::optional<bool> mig{}, mig_pending{};
  std::vector<std::string> mig_devices{};  ///< UUIDs, `MIG-…`
  GpuPcie pcie{};
  std::vector<GpuLink> links{};
  std::string
      fabric{};  ///< of an NVSwitch machine: `completed`, `in progress`, `not started`; empty where there is none
  std::optional<std::vector<GpuProcess>> processes{};  ///< that compute on it, ours included
};

/// One machine. Versions of CUDA as 12040 for 12.4, 0 where there is none.
struct GpuNode {
  std::string driver{};        ///< `580.65.06`; empty where there is none
  int driver_cuda = 0;         ///< the newest CUDA that the driver carries
  int plugin_cuda = 0;         ///< the one that the plug-in was built with
  std::string plugin{};        ///< `cuda13`
  std::string why_not{};       ///< why the plug-in has no device, a sentence; empty when it has
  std::string nvml_missing{};  ///< why NVML could not be asked, a sentence; empty when it could
  std::vector<Library> libraries{};
  std::vector<Gpu> gpus{};
};

}  // namespace gpubench
