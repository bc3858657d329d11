#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reports/verdict/series.hpp"

namespace gpubench {

enum class Arm : std::uint8_t {
  pinned,   ///< A: the build that others are judged against
  current,  ///< B: tonight's
};

/// One value of a launch.
struct LaunchValue {
  std::string case_name{};
  std::string device{};  ///< as SeriesKey::device
  double value = 0;      ///< log_percent()
};

/// One launch of an arm: a fresh process that ran the whole list.
struct Launch {
  std::string failure{};              ///< why there is nothing: `exit status 2: …`; empty: it ran
  std::vector<LaunchValue> values{};  ///< of cases that are ok; others are not there
  Conditions conditions{};
  double seconds = 0;  ///< that it took, its start included
};

/// Runs arms: a bundle, a container, a simulator.
class Executor {
 public:
  virtual ~Executor() = default;
  /// Is there a pinned build at all.
  virtual bool has_pinned() const = 0;
  /// Runs every case of the list once, on all devices of the node, in an order shuffled by the seed. Does not throw for
  /// an arm that fails: it says why.
  virtual Launch run(Arm arm, std::span<const std::string> cases, std::uint64_t seed) = 0;
};

}  // namespace gpubench
