#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reports/verdict/verdict.hpp"

namespace gpubench {

// What the verdict is made from: values of launches by case, device and night. Read from history or from run files;
// nothing here knows where it came from.

/// What must be the same for two nights to be judged against each other. A change of any of it begins a new series.
struct SeriesKey {
  std::string case_name{};  ///< `gemm/bf16/m4096n4096k4096/nt/hot/cublaslt`, the run_name
  int method = 0;
  std::string node{};
  std::string sku{};           ///< `h100_sxm5_80gb`, or the device's own name where no reference fits
  std::string device{};        ///< the GPU's UUID; `cpu`
  std::string mig{};           ///< profile, `1g.10gb`; empty: the whole device
  std::string power_cap{};     ///< `700 W`; empty: not told
  std::string clock_policy{};  ///< `as found`, `locked 1410 MHz`
  auto operator<=>(const SeriesKey&) const = default;
};

/// What may change without cutting a series, and is the first suspect when the level moves: driver, CUDA, cuBLASLt,
/// cuDNN, NCCL, VBIOS, plan of the library, build.
using Conditions = std::map<std::string, std::string>;

/// How a past night stands to its series. Only `accepted` nights are what others are judged against. `suspect` with
/// the verdict `environment`: the node was slower, with both builds, and is `degraded` if it is so on the next night.
enum class Standing : std::uint8_t { accepted, suspect, faster, environment, invalid };

struct SeriesNight {
  std::string night{};             ///< UTC start of the night's first launch, `20261120T193000Z`: sorts by time
  std::vector<double> launches{};  ///< log-percent (log_percent()), one value a launch, slower is larger
  Standing standing = Standing::accepted;
  Verdict verdict = Verdict::ok;  ///< what was told of it; tonight it is not known yet
  int level = 0;  ///< raised by each accepted change: nights of an older level lend their spread, not their level
  Conditions conditions{};
};

struct Series {
  SeriesKey key{};
  std::vector<SeriesNight> past{};  ///< oldest first, tonight not among them
};

}  // namespace gpubench
