#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gpubench {

/// What doctor thinks of a fact. A warning spoils or narrows the numbers; an error keeps something from running.
enum class CheckVerdict { ok, warning, error };

constexpr std::string_view name(CheckVerdict verdict) {
  switch (verdict) {
    case CheckVerdict::ok: return "ok";
    case CheckVerdict::warning: return "warning";
    case CheckVerdict::error: return "error";
  }
  return "?";
}

/// One thing that was looked at: what was found, what is needed, what to do. The same for every kind of device.
struct Check {
  std::string group{};   ///< `processor`, `clock`, `memory`, `libraries`, `gpu software`, `gpus`, `gpu 3`, `suites`
  std::string name{};    ///< unique in its group, and the same on every machine where it can be
  std::string found{};   ///< for people: `powersave`
  std::string needed{};  ///< empty where nothing is
  CheckVerdict verdict = CheckVerdict::ok;
  std::string advice{};  ///< why it matters and what to do; empty when all is well
};
using Checks = std::vector<Check>;

}  // namespace gpubench
