#include "reports/rate.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/measure/statistics.hpp"

namespace gpubench {
namespace {

struct Kind {
  std::string_view figure, unit;
  double one = 1;
  bool bytes = false;
};
constexpr std::array<Kind, 3> kinds{{{"flops_per_second", "TFLOP/s", 1e12},
                                     {"operations_per_second", "TOP/s", 1e12},
                                     {"bytes_per_second", "GB/s", 1e9, true}}};

const Kind* kind_of(const CaseResult& row) {
  for (const Kind& kind : kinds)
    for (const auto& [figure, value] : row.figures)
      if (figure == kind.figure) return &kind;
  return nullptr;
}

double figure_of(const CaseResult& row, const Kind& kind) {
  return std::ranges::find(row.figures, kind.figure, [](const auto& one) { return std::string_view(one.first); })
      ->second;
}

double ceiling_of(const CaseResult& row, const Kind& kind) {
  if (!row.ceiling) return 0;
  return kind.bytes ? row.ceiling->bytes_per_second : row.ceiling->flops_per_second;
}

/// A ceiling's `by` tells both, with this between them.
std::string told_by(const Ceiling& ceiling, bool bytes) {
  constexpr std::string_view between = "; memory: ";
  const std::size_t at = ceiling.by.find(between);
  if (at == std::string::npos) return ceiling.by;
  return bytes ? ceiling.by.substr(at + between.size()) : ceiling.by.substr(0, at);
}

bool groups_differ_in_device(const std::vector<Group>& groups) {
  const std::string& first = groups.front().cases.front().first().device;
  return std::ranges::any_of(groups, [&](const Group& group) {
    return std::ranges::any_of(group.cases, [&](const CaseSummary& one) { return one.first().device != first; });
  });
}

}  // namespace

std::optional<Rate> rate_of(const CaseSummary& one) {
  if (!one.has_time()) return std::nullopt;
  const Kind* kind = kind_of(*one.ok().front());
  if (kind == nullptr) return std::nullopt;
  Rate rate{.per_second = *one.figure(kind->figure), .unit = std::string(kind->unit), .one = kind->one};
  rate.of_ceiling = one.median_of([kind](const CaseResult& row) -> std::optional<double> {
    const double most = ceiling_of(row, *kind);
    return most > 0 && kind_of(row) == kind ? std::optional(figure_of(row, *kind) / most) : std::nullopt;
  });
  return rate;
}

std::string number_text(const Rate& rate) { return fmt::format("{:#.4g}", rate.per_second / rate.one); }

std::string share_text(const Rate& rate) {
  return rate.of_ceiling ? fmt::format("{:.{}f} %", 100 * *rate.of_ceiling, *rate.of_ceiling < 0.1 ? 1 : 0) : "";
}

std::vector<std::string> ceiling_lines(const std::vector<Group>& groups) {
  struct Most {
    std::string of{}, unit{}, by{};
    std::vector<double> values{};
  };
  std::vector<Most> all;
  for (const Group& group : groups)
    for (const CaseSummary& one : group.cases)
      for (const CaseResult* row : one.ok()) {
        const Kind* kind = kind_of(*row);
        if (kind == nullptr || !(ceiling_of(*row, *kind) > 0)) continue;
        const std::string of = kind->bytes ? std::string("memory") : row->precision;
        const std::string where = groups_differ_in_device(groups) ? of + " on " + row->device : of;
        auto most = std::ranges::find(all, where, &Most::of);
        if (most == all.end())
          most = all.insert(all.end(), Most{where, std::string(kind->unit), told_by(*row->ceiling, kind->bytes)});
        most->values.push_back(ceiling_of(*row, *kind) / kind->one);
      }
  std::vector<std::string> lines;
  for (const Most& most : all)
    lines.push_back(fmt::format("{}: {:#.4g} {} by {}", most.of, median(most.values), most.unit, most.by));
  return lines;
}

std::vector<std::string> lines_without_time(const Group& group) {
  struct Shared {
    std::string precision{}, text{}, name{};
    int cases = 0;
  };
  std::vector<Shared> all;
  for (const CaseSummary& one : group.cases) {
    const CaseResult* without = one.why_no_time();
    if (without == nullptr) continue;
    const std::string text = status_text(*without);
    const auto same = std::ranges::find_if(
        all, [&](const Shared& shared) { return shared.precision == without->precision && shared.text == text; });
    if (same != all.end())
      ++same->cases;
    else
      all.push_back({without->precision, text, one.first().name, 1});
  }
  std::vector<std::string> lines;
  for (const Shared& one : all)
    lines.push_back(one.cases == 1 ? fmt::format("{}: {}", one.name, one.text)
                                   : fmt::format("{}: {} ({} cases)", one.precision, one.text, one.cases));
  return lines;
}

}  // namespace gpubench
