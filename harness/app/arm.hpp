#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "harness/run.hpp"

namespace gpubench {

/// A build that is judged, as a command: a bundle, `docker run --rm -i image gpubench`, a simulator. It is called as
/// `CMD run --cases-from - --seed N --out -`: names of cases on its standard input, a line each, a run file on its
/// standard output, anything else on its standard error.
///
/// The shell runs it (`/bin/sh -c 'CMD "$@"'`): quotes, variables in front of it and a `cd` before it mean what they
/// mean to whoever typed it. The arguments follow what stands last in CMD.
struct Arm {
  std::string name{};  ///< for complaints: `--pinned`
  std::string command{};
};

struct ArmAnswer {
  Run run{};
  int status = 0;  ///< it exited with; a case that fails is in the run file, and no failure of the arm
};

/// One launch of an arm. It has a process group of its own, which is killed at `longest`; when this process dies, its
/// shell is killed.
/// @param pass_on gets what it writes to its standard error
/// @throws UsageError for an arm that cannot run, a sentence with its name: it does not start, dies, takes too long,
/// writes no run file, or one that this program does not read
ArmAnswer run_arm(const Arm& arm,
                  std::span<const std::string> cases,
                  std::uint64_t seed,
                  std::chrono::duration<double> longest,
                  const std::function<void(std::string_view)>& pass_on);

}  // namespace gpubench
