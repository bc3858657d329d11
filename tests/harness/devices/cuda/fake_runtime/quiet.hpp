#pragma once

#include "harness/kernel.hpp"

namespace gpubench {

/// For whoever need not be told what goes on.
struct Quiet : Progress {
  void on(const std::string&) override {}
};
inline Quiet quiet;

}  // namespace gpubench
