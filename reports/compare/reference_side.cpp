#include <map>
#include <tuple>

#include <fmt/format.h>

#include "reports/compare/case_key.hpp"
#include "reports/compare/side.hpp"

namespace gpubench {
namespace {

SideCase case_of(const Published& one) {
  return {.name = one.figure,
          .figure = one.figure,
          .unit = {.unit = one.unit, .one = 1, .higher_is_better = higher_is_better(one.unit)},
          .precision = one.precision,
          .source = one.source,
          .workload = one.workload,
          .conditions = one.conditions,
          .doubt = one.doubt,
          .gpus = one.gpus};
}

}  // namespace

Side side_of(const Reference& reference) {
  Side side{.label = reference.id,
            .title = fmt::format("{} (published figures)", reference.name),
            .short_title = reference.name,
            .published = true,
            .devices = 1,
            .models = {reference.name}};
  for (const std::string_view maker : {"NVIDIA ", "GeForce "})
    if (side.short_title.starts_with(maker)) side.short_title.erase(0, maker.size());
  side.sku = {.reference = &reference, .sure = true};
  std::map<std::tuple<std::string, std::string, std::string, std::string>, std::size_t> places;
  for (const Published& one : reference.published) {
    const auto [at, is_new] = places.try_emplace({one.figure, one.source, one.workload, one.unit}, side.cases.size());
    if (is_new) {
      side.cases.push_back(case_of(one));
      side.cases.back().order = at->second;
    }
    SideCase& known = side.cases[at->second];
    known.values.push_back({.value = one.value, .launch = static_cast<int>(known.values.size())});
    if (known.doubt.empty()) known.doubt = one.doubt;
    known.verified = known.verified && one.verified;
    ++side.rows;
  }
  return side;
}

}  // namespace gpubench
