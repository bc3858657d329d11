#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/run.hpp"
#include "reports/compare/side.hpp"

namespace gpubench {

/// What differs between the machines of two sides.
struct EnvironmentDifference {
  std::string what{};  ///< `driver`
  std::string a{}, b{};
  std::string why{};  ///< what it may change; empty where nothing is known
};

/// What of a machine may explain a difference, by name, as text. A fact that was not told is left out.
std::vector<std::pair<std::string, std::string>> facts_of(const Context& context);

/// Facts that differ, the likely causes first. Empty when one side is published: nobody knows its machines.
std::vector<EnvironmentDifference> environment_differences(const Side& a, const Side& b);

}  // namespace gpubench
