#include "harness/app/arm.hpp"

#include <csignal>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "harness/app/child.hpp"
#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

[[noreturn]] void cannot_run(const Arm& arm, const std::string& why) {
  throw UsageError(fmt::format("{} {}: {}", arm.name, arm.command, why));
}

std::string with_last_words(const ChildEnd& end, const std::string& why) {
  return end.last_words.empty() ? why : fmt::format("{}; it said: {}", why, end.last_words);
}

Run answer_of(const Arm& arm, const ChildEnd& end) {
  try {
    return run_of_text(end.out, "its answer");
  } catch (const UsageError& error) {
    cannot_run(arm, with_last_words(end, fmt::format("no run file of this version: {}", error.what())));
  }
}

/// The shell tells of a command that was killed by its exit status: 128 and the signal.
std::string how_it_ended(const ChildEnd& end) {
  if (end.status <= 128) return end.how;
  const char* name = sigabbrev_np(end.status - 128);
  return name == nullptr ? end.how : fmt::format("killed by signal {} (SIG{})", end.status - 128, name);
}

}  // namespace

ArmAnswer run_arm(const Arm& arm,
                  std::span<const std::string> cases,
                  std::uint64_t seed,
                  std::chrono::duration<double> longest,
                  const std::function<void(std::string_view)>& pass_on) {
  std::string names;
  for (const std::string& one : cases) names += one + "\n";
  const std::vector<std::string> words{"/bin/sh",
                                       "-c",
                                       arm.command + " \"$@\"",
                                       "gpubench",
                                       "run",
                                       "--cases-from",
                                       "-",
                                       "--seed",
                                       std::to_string(seed),
                                       "--out",
                                       "-"};
  const auto deadline =
      std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(longest);
  const ChildEnd end = run_child(words, names, deadline, pass_on);
  if (end.timed_out)
    cannot_run(arm, with_last_words(end, fmt::format("took longer than {}", text_of_seconds(longest.count()))));
  constexpr int not_found = 127, not_executable = 126;  // of the shell
  if (end.status == not_found || end.status == not_executable)
    cannot_run(arm, with_last_words(end, "cannot be started: no such program, or not executable"));
  if (end.status < 0) cannot_run(arm, with_last_words(end, end.how));
  if (end.out.find_first_not_of(" \t\r\n") == std::string::npos)
    cannot_run(
        arm, with_last_words(end, fmt::format("wrote no run file to its standard output, and {}", how_it_ended(end))));
  return {.run = answer_of(arm, end), .status = end.status};
}

}  // namespace gpubench
