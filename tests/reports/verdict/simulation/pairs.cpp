#include <fmt/format.h>

#include "reports/verdict/signed_rank.hpp"
#include "tests/reports/verdict/simulation/figures.hpp"
#include "tests/reports/verdict/simulation/node.hpp"

namespace gpubench::simulation {
namespace {

double value_of(Node& node, Arm arm, const std::vector<std::string>& names) {
  return node.run(arm, names, 0).values.front().value;
}

/// Differences B - A of pairs in the order A B B A; the trend makes its way over all of them.
std::vector<double> differences(Node& node, std::size_t index, int pairs) {
  const std::vector<std::string> names{node.history()[index].key.case_name};
  std::vector<double> told;
  for (int pair = 0; pair < pairs; ++pair) {
    const double first = value_of(node, pair % 2 == 0 ? Arm::pinned : Arm::current, names);
    const double second = value_of(node, pair % 2 == 0 ? Arm::current : Arm::pinned, names);
    told.push_back(pair % 2 == 0 ? second - first : first - second);
  }
  return told;
}

}  // namespace

void pairs(const Extent& extent, Report& report) {
  for (const int count : {8, 12}) {
    enum : std::size_t { all, slower, covered, with_interval, quantities };
    Tally tally(quantities);
    on_two_threads(extent.nodes(1500, 250), [&](int index) {
      const Setting setting{.sessions_a_night = 0, .trend_seconds = 2 * count * Setting{}.seconds_of_case()};
      Node node(setting, extent.seed_of(300 + count, index));
      for (std::size_t i = 0; i < node.cases(); ++i) {
        node.code[i] = index % 2 == 0 ? 0 : 1;  // nothing, and 1 %
        node.next_night();
        const auto told = differences(node, i, count);
        if (node.code[i] == 0) {
          tally.add(all);
          tally.add(slower, signed_rank_p(told) <= .005 && walsh_median(told) > 0.3 ? 1 : 0);
        }
        const auto interval = walsh_interval(told, 0.95);
        tally.add(with_interval);
        tally.add(covered, interval && interval->low <= node.code[i] && node.code[i] <= interval->high ? 1 : 0);
      }
    });
    report.at_most(fmt::format("F7 \"slower\" per 1000 at 0.005 under a trend of 0.6 %, {} pairs A B B A", count),
                   1000 * tally.share(slower, all),
                   6,
                   fmt::format("{:.0f} sessions", tally[all]));
    report.within("F7 coverage of its 95 % interval",
                  tally.share(covered, with_interval),
                  .93,
                  .99,
                  fmt::format("{:.0f} sessions", tally[with_interval]));
  }
}

}  // namespace gpubench::simulation
