#pragma once

#include <deque>
#include <string>
#include <vector>

#include "reports/compare/side.hpp"

namespace gpubench {

/// How alike the two cases of a pair are.
enum class Level { same_case, same_problem, same_figure };
/// `case`, `problem`, `figure`
std::string_view name(Level level);

/// Two cases that ask the same thing. Where `why_not` says something they are not compared all the same.
struct CasePair {
  const SideCase* a = nullptr;
  const SideCase* b = nullptr;
  Level level = Level::same_case;
  std::string why_not{};
};

struct OnlyThere {
  const SideCase* one = nullptr;
  std::string remark{};  ///< what the other side has instead; empty: nothing
};

/// Every case of both sides is in one of these. It points into the sides, and into itself.
struct Pairs {
  std::vector<CasePair> pairs{};
  std::vector<OnlyThere> only_a{}, only_b{};
  std::deque<SideCase> merged{};  ///< published figures of several sources, put together
};

/// Runs: the same name first; what is left by problem (without implementation and batch), then by figure; what differs
/// in its mode only is told as not comparable. A run against published figures: by figure, all sources of one together.
/// Published against published: within one source and workload only.
Pairs pairs_of(const Side& a, const Side& b);

/// Why two cases of runs that ask the same thing are not compared: method, cache, work. Empty when they are.
std::string why_not_comparable(const SideCase& a, const SideCase& b);

}  // namespace gpubench
