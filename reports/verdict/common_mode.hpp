#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/verdict/rules.hpp"
#include "reports/verdict/window.hpp"

namespace gpubench {

/// Compute-bound: what moves these together on one node is its clocks and the air it breathes, not their code.
bool is_sentinel(std::string_view case_name);

/// One sentinel of a node: its window, and tonight's value.
struct Sentinel {
  const Window* window = nullptr;
  double level = 0, tonight = 0;
};

/// What all sentinels of a node have in common, by night: the median of how far each is from its own level.
struct CommonMode {
  bool known = false;
  std::string why_not{};                   ///< `4 compute-bound cases, 6 are needed`
  std::vector<std::string_view> nights{};  ///< sorted; those on which enough sentinels were measured
  std::vector<double> values{};            ///< by night: the median over all sentinels
  double tonight = 0;
  std::vector<std::vector<double>> residuals{};  ///< by night, sorted: of each sentinel from its own level
  std::vector<double> residuals_tonight{};       ///< sorted

  /// For a case that is no sentinel, and for one that is: without its own residual. A case must not be judged by what
  /// it did to the median itself: of eleven sentinels one takes a tenth of its own step with it.
  std::optional<double> at(std::string_view night, std::optional<double> own = {}) const;
  double tonight_without(std::optional<double> own) const;
};
CommonMode common_mode(std::span<const Sentinel> sentinels, const Rules& rules = default_rules);

/// How much of the common mode a case follows: the slope of its residuals on it, shrunk towards 1/2 and kept in
/// [0, 1.6]: (sum r g + l/2) / (sum g^2 + l), l = 0.3 sum g^2, with g centred and r clipped. @pre equal sizes
double common_slope(std::span<const double> residuals,
                    std::span<const double> common,
                    const Rules& rules = default_rules);

}  // namespace gpubench
