#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gpubench {

/// What is said of a case, a device or a node on one night (DESIGN 2). The order is that of a summary: what ends a
/// program with 1 first, then what was asked for and not had, then the rest.
enum class Verdict : std::uint8_t {
  regression,   ///< the code is slower, confirmed on this node against the pinned build
  degraded,     ///< this node is slower, with the same code
  undecided,    ///< suspected, and not confirmed either way yet
  watch,        ///< as `regression`, by less than fails a build
  environment,  ///< slower, and neither the code nor a lasting fault of the node
  slow,         ///< fleet: always slower than its peers
  transient,    ///< fleet: slower than its peers once, and not when measured again
  improvement,
  insensitive,  ///< nothing seen, and a change of 2 % need not have been seen
  no_history,
  ok,
};

constexpr std::string_view name(Verdict verdict) {
  using enum Verdict;
  switch (verdict) {
    case regression: return "regression";
    case degraded: return "degraded";
    case undecided: return "undecided";
    case watch: return "watch";
    case environment: return "environment";
    case slow: return "slow";
    case transient: return "transient";
    case improvement: return "improvement";
    case insensitive: return "insensitive";
    case no_history: return "no_history";
    case ok: return "ok";
  }
  return "?";
}

/// The verdict of that name; none for a word that is no verdict.
constexpr std::optional<Verdict> verdict_named(std::string_view word) {
  for (int i = 0; i <= static_cast<int>(Verdict::ok); ++i) {
    if (name(static_cast<Verdict>(i)) == word) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

/// DESIGN 4: 1, 3 or 0 for one verdict; the status of several is the first of 1, 3, 0 that one of them has.
constexpr int exit_status_of(Verdict verdict) {
  if (verdict == Verdict::regression || verdict == Verdict::degraded) return 1;
  return verdict == Verdict::undecided ? 3 : 0;
}

}  // namespace gpubench
