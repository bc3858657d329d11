#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/verdict/rules.hpp"
#include "reports/verdict/window.hpp"

namespace gpubench {

// What gets slower by too little a night for any night to show it.

/// Page's cumulative sum (1954) of how far the newer half of the window lies above the level of the older half:
/// S <- max(0, S + clip(z, -4, 4) - 0.75). It starts again where a suspicion was looked into and the code found the
/// same.
struct Cusum {
  double sum = 0;
  /// The window's nights from here on belong to a rise that goes on (S stayed above 3): to be left out of the level,
  /// which would rise with them. The window's size where there is none.
  std::size_t frozen_from = 0;
  bool suspect = false;
};
Cusum cusum(const Window& window, double tonight, const Rules& rules = default_rules);

/// A week's median against two weeks' four weeks before, in percent, where it is more than chance and more than 1 %.
std::optional<double> drift(const Window& window, double tonight, double spread, const Rules& rules = default_rules);

}  // namespace gpubench
