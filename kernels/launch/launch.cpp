#include "kernels/launch/launch.hpp"

#include <fmt/format.h>

namespace gpubench {
namespace {

std::string pattern_text(const Launch& launch) {
  switch (launch.pattern) {
    case Launch::Pattern::round_trip: return "round-trip";
    case Launch::Pattern::back_to_back: return "back-to-back";
    case Launch::Pattern::chain: return fmt::format("chain{}", launch.kernels);
  }
  return "?";
}

std::string_view by_text(const Launch& launch) { return launch.by == Launch::By::graph ? "graph" : "stream"; }

}  // namespace

std::string Launch::name() const { return fmt::format("launch/none/{}/{}", pattern_text(*this), by_text(*this)); }

void Launch::describe(CaseResult& row) const {
  row.figure = fmt::format("launch.none.{}.{}.seconds_per_launch", pattern_text(*this), by_text(*this));
  row.group = "Kernel launches";
  row.item = "launches";
  row.cache = "does not matter";
  row.input = {.distribution = "none", .seed = 0};
  if (row.status == Status::ok) row.figures = {{"seconds_per_launch", row.median_seconds / kernels}};
}

}  // namespace gpubench
