#include "reports/explain.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "reports/columns.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

/// The least time that a ceiling allows for some work, and which of its two numbers that comes from.
struct Bound {
  double seconds = 0;
  const char* by = "";
};

/// None where the ceiling that the work needs was not measured, or where no work is counted.
std::optional<Bound> bound_of(const Work& work, const std::optional<Ceiling>& ceiling) {
  if (!ceiling || (work.flops <= 0 && work.bytes <= 0)) return std::nullopt;
  if ((work.flops > 0 && ceiling->flops_per_second <= 0) || (work.bytes > 0 && ceiling->bytes_per_second <= 0))
    return std::nullopt;
  const double computing = work.flops > 0 ? work.flops / ceiling->flops_per_second : 0;
  const double moving = work.bytes > 0 ? work.bytes / ceiling->bytes_per_second : 0;
  return computing >= moving ? Bound{computing, "compute"} : Bound{moving, "memory"};
}

/// One line of the table.
struct Line {
  const Part* part;
  std::optional<Bound> bound{};
  std::optional<double> fp32_seconds{};
};

std::optional<double> seconds_in(const CaseResult* row, const Part& like) {
  if (row == nullptr) return std::nullopt;
  const auto found = std::ranges::find_if(
      row->parts, [&](const Part& part) { return part.kind == like.kind && part.pass == like.pass; });
  return found == row->parts.end() ? std::nullopt : std::optional(found->seconds);
}

/// What takes longest comes first.
std::vector<Line> lines_of(const CaseResult& row, const CaseResult* fp32) {
  std::vector<Line> lines;
  lines.reserve(row.parts.size());
  for (const Part& part : row.parts) lines.push_back({&part, bound_of(part.work, row.ceiling), seconds_in(fp32, part)});
  std::ranges::stable_sort(lines, [](const Line& a, const Line& b) { return a.part->seconds > b.part->seconds; });
  return lines;
}

double sum_of_parts(const CaseResult& row) {
  double sum = 0;
  for (const Part& part : row.parts) sum += part.seconds;
  return sum;
}

/// Two digits are enough for a ratio of a bound: `1.3`, `16`, `210`.
std::string ratio_text(double ratio) { return fmt::format("{:.{}f}", ratio, ratio < 10 ? 1 : 0); }

std::string title(const CaseResult& row, const std::string& caption) {
  std::string text = fmt::format("Where the {} step goes", caption);
  if (row.launches > 1) text += fmt::format(", launch {} of {}", row.launch + 1, row.launches);
  return text;
}

std::string table_of(const std::vector<Line>& lines, double sum, const std::string& indent) {
  Columns columns;
  columns.add_column("part");
  columns.add_column("pass");
  for (const char* heading : {"ops", "time", "share", "bound"}) columns.add_column(heading, Columns::Align::right);
  columns.add_column("by");
  for (const char* heading : {"time/bound", "vs fp32"}) columns.add_column(heading, Columns::Align::right);
  for (const auto& [part, bound, fp32_seconds] : lines)
    columns.add_row({part->kind,
                     part->pass,
                     fmt::format("{}", part->operations),
                     text_of_seconds(part->seconds),
                     sum > 0 ? text_of_percent(part->seconds / sum) : "",
                     bound ? text_of_seconds(bound->seconds) : "",
                     bound ? bound->by : "",
                     bound && bound->seconds > 0 ? ratio_text(part->seconds / bound->seconds) : "",
                     fp32_seconds && part->seconds > 0 ? fmt::format("{:.2f}", *fp32_seconds / part->seconds) : ""});
  return columns.text(indent + "  ");
}

std::string sum_sentence(double sum, double step) {
  const double percent = 100 * (sum - step) / step;
  return fmt::format("The parts add up to {}, {:.1f} % {} than the step of {}: each was timed alone and waited for.",
                     text_of_seconds(sum),
                     std::abs(percent),
                     percent < 0 ? "less" : "more",
                     text_of_seconds(step));
}

/// `compute 1.020 s, memory 0.130 s`: how much of the bounds comes from either.
std::string bounds_sentence(const std::vector<Line>& lines, double step) {
  double all = 0, computing = 0;
  bool every_part = true;
  for (const Line& line : lines) {
    every_part = every_part && line.bound;
    if (!line.bound) continue;
    all += line.bound->seconds;
    if (line.bound->by == std::string_view("compute")) computing += line.bound->seconds;
  }
  if (all <= 0) return "No part has a bound: its work, or the ceiling for it, is not known.";
  return fmt::format("The bounds{} add up to {} (compute {}, memory {}): the step takes {} times as long.",
                     every_part ? "" : " that are known",
                     text_of_seconds(all),
                     text_of_seconds(computing),
                     text_of_seconds(all - computing),
                     ratio_text(step / all));
}

std::string ceiling_sentence(const Ceiling& ceiling) {
  const auto rate = [](double per_second, const char* unit) {
    return per_second > 0 ? text_of_rate(per_second, unit) : std::string("not measured");
  };
  return fmt::format("Bounds: {} {} for compute, {} for memory{}.",
                     rate(ceiling.flops_per_second, "FLOP/s"),
                     ceiling.precision,
                     rate(ceiling.bytes_per_second, "B/s"),
                     ceiling.by.empty() ? "" : fmt::format(" ({})", ceiling.by));
}

/// Whether others took part of the processor while the parts were timed; the step itself has a label of its own.
std::optional<std::string> contention_sentence(const CaseResult& row) {
  constexpr double noticeable_share = 0.05;
  const auto share = row.telemetry.find("parts_others_cpu_share");
  if (share == row.telemetry.end() || !(share->second > noticeable_share)) return std::nullopt;
  return fmt::format("Contended: others used {:.0f} % of the CPU while the parts were timed; believe their times less.",
                     100 * share->second);
}

bool beats_its_bound(const Line& line) { return line.bound && line.part->seconds < line.bound->seconds; }

}  // namespace

std::string explanation(const CaseResult& row,
                        const CaseResult* fp32,
                        const std::string& caption,
                        const std::string& indent) {
  std::string text = indent + title(row, caption);
  if (row.parts.empty()) return text + ": not known, its implementation does not tell its parts.\n";
  text += "\n";
  const std::vector<Line> lines = lines_of(row, fp32);
  const double sum = sum_of_parts(row);
  text += table_of(lines, sum, indent);
  const std::size_t at = indent.size() + 2;
  const auto say = [&](const std::string& sentence) {
    text += fmt::format("{}  {}\n", indent, wrapped(sentence, at, at));
  };
  say(sum_sentence(sum, row.median_seconds));
  if (const auto contended = contention_sentence(row)) say(*contended);
  if (!row.ceiling) {
    say("No bounds: the ceilings of this device were not measured.");
    return text;
  }
  say(bounds_sentence(lines, row.median_seconds));
  say(ceiling_sentence(*row.ceiling));
  if (std::ranges::any_of(lines, beats_its_bound))
    say("A time/bound below 1: the data came from the caches, which the bound of memory leaves out.");
  return text;
}

}  // namespace gpubench
