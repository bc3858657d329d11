#pragma once

#include <string>

#include "harness/result.hpp"

namespace gpubench {

/// A problem whose kernel does what `act` says (fake_kernel.cpp); `ok` just runs.
struct FakeProblem {
  std::string act{};
  std::string precision_name = "fp32";
  int number = 0;  ///< tells problems of one act apart

  std::string name() const { return "fake/" + precision_name + "/" + act + "/n" + std::to_string(number); }
  std::string precision() const { return precision_name; }
  Work work() const { return {.flops = 1e9, .bytes = 1e6}; }
  void describe(CaseResult& row) const { row.figure = "fake." + act; }
};

}  // namespace gpubench
