#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gpubench {

/// How a program that was run ended.
struct ChildEnd {
  std::string out{};         ///< all that it wrote to its standard output
  std::string last_words{};  ///< the last line of its standard error
  int status = -1;           ///< exit status; -1: none
  std::string how{};         ///< `exited with status 1`, `killed by signal 9 (SIGKILL)`
  bool timed_out = false;
};

/// Runs a program to its end: `input` on its standard input, its standard error passed on. It is in a process group of
/// its own, killed with all it started at the deadline, and by the kernel should this process die.
/// @param words the program's path and its arguments @throws Error when no process can be made
ChildEnd run_child(const std::vector<std::string>& words,
                   const std::string& input,
                   std::chrono::steady_clock::time_point deadline,
                   const std::function<void(std::string_view)>& pass_on);

}  // namespace gpubench
