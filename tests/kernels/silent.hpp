#pragma once

#include "harness/kernel.hpp"

namespace gpubench {

/// Nobody waits for a test.
struct Silent : Progress {
  void on(const std::string&) override {}
};

}  // namespace gpubench
