#pragma once

#include <string_view>

namespace gpubench {

/// What the numbers of operands are. A GPU takes less power, and may clock higher, the fewer bits change from one
/// number to the next: zeros are the least, and no training ever is.
enum class Distribution { uniform, normal, zeros };
inline constexpr Distribution all_distributions[] = {Distribution::uniform, Distribution::normal, Distribution::zeros};

constexpr std::string_view name(Distribution distribution) {
  using enum Distribution;
  switch (distribution) {
    case uniform: return "uniform";
    case normal: return "normal";
    case zeros: return "zeros";
  }
  return "?";
}

}  // namespace gpubench
