#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/suite.hpp"

namespace gpubench {

/// What a program of this kind is made of.
struct Program {
  std::span<const Suite> suites{};
  std::vector<std::string> backends{};  ///< in the order they are tried
  double silence_seconds = 180;         ///< a worker that says nothing for so long is taken for dead
};

/// The whole program: conductor, or worker when the conductor started it as one. @returns the exit status
int run_program(const Program& program, int argc, char** argv);

}  // namespace gpubench
