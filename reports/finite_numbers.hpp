#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "reports/json.hpp"

namespace gpubench {

/// Strict JSON has no NaN and no infinity: such a number is written as null, and its name is kept so that the row can
/// say so.
class FiniteNumbers {
 public:
  Json operator()(const std::string& name, double value) {
    if (std::isfinite(value)) return value;
    names_.push_back(name);
    return nullptr;
  }
  const std::vector<std::string>& not_finite() const { return names_; }

 private:
  std::vector<std::string> names_;
};

}  // namespace gpubench
