#include "harness/app/benchmark_flags.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

constexpr std::string_view prefix = "--benchmark_";

using Reason = std::pair<std::string_view, std::string_view>;
constexpr std::array refused{
    Reason{"min_time", "our own loop decides how many samples are enough; --budget SECONDS bounds it"},
    Reason{"min_warmup_time", "a case is warmed up until it is steady"},
    Reason{"report_aggregates_only", "the run file always holds every launch and every sample"},
    Reason{"display_aggregates_only", "the table always shows the median of each launch"},
    Reason{"enable_random_interleaving", "the order of the cases is always drawn from --seed"},
    Reason{"counters_tabular", "the table has one layout"},
    Reason{"color", "the table has no colour"},
    Reason{"time_unit", "the table chooses units, and the run file holds seconds"},
    Reason{"context", "the run file records the machine itself"},
    Reason{"perf_counters", "hardware counters are not read"},
    Reason{"dry_run", "gpubench run --dry-run shows what would run"},
};

std::string_view why_refused(std::string_view name) {
  const auto found = std::ranges::find(refused, name, &Reason::first);
  return found == refused.end() ? "gpubench has nothing like it" : found->second;
}

struct Flag {
  std::string_view name{};  ///< without the prefix
  std::string_view value{};
};

[[noreturn]] void refuse(const Flag& flag, std::string_view why) {
  throw UsageError(fmt::format("{}{} does not hold here: {}", prefix, flag.name, why));
}

/// In Google Benchmark a leading minus turns a filter around, and `all` is everything.
std::string pattern_of(std::string_view filter) {
  if (filter == "all") return ".";
  return filter.starts_with('-') ? fmt::format("^(?!.*(?:{}))", filter.substr(1)) : std::string(filter);
}

std::vector<std::string> ours(const Flag& flag) {
  const auto value = std::string(flag.value);
  if (flag.name == "filter") return {"--case", pattern_of(value)};
  if (flag.name == "repetitions") return {"--launches", value};
  if (flag.name == "out") return {"--out", value};
  if (flag.name == "list_tests") {
    const bool off = value == "false" || value == "0" || value == "no";
    return off ? std::vector<std::string>{} : std::vector<std::string>{"--list-tests"};
  }
  if (flag.name == "out_format") {
    if (value != "json") refuse(flag, fmt::format("a run file is json, not {}", value));
    return {};
  }
  if (flag.name == "format") {
    if (value == "json") return {"--out", "-"};
    if (value != "console") refuse(flag, fmt::format("it takes console or json, not {}", value));
    return {};
  }
  refuse(flag, why_refused(flag.name));
}

bool takes_a_value(std::string_view name) { return name != "list_tests"; }

}  // namespace

std::vector<std::string> without_benchmark_flags(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (!argument.starts_with(prefix)) {
      result.emplace_back(argument);
      continue;
    }
    argument.remove_prefix(prefix.size());
    const std::size_t equals = argument.find('=');
    Flag flag{.name = argument.substr(0, equals)};
    if (equals != std::string_view::npos)
      flag.value = argument.substr(equals + 1);
    else if (flag.name == "filter" && i + 1 < arguments.size())
      flag.value = arguments[++i];
    else if (takes_a_value(flag.name) && why_refused(flag.name) == why_refused(""))
      throw UsageError(fmt::format("{}{} needs a value: {}{}=...", prefix, flag.name, prefix, flag.name));
    for (std::string& one : ours(flag)) result.push_back(std::move(one));
  }
  return result;
}

}  // namespace gpubench
