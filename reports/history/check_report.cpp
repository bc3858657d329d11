#include "reports/history/check_report.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/compare/case_key.hpp"
#include "reports/compare/tables.hpp"
#include "reports/history/list_text.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

using Table = ReportTable;

std::string word_of(const CheckedCase& one) {
  if (one.missing) return "missing";
  if (one.status != Status::ok) return std::string(name(one.status));
  return std::string(one.finding ? one.finding->verdict : name(one.verdict));
}

/// The reason, and what changed since the night before where it may be the cause.
std::string why_of(const CheckedCase& one) {
  std::string why = one.finding ? one.finding->reason : one.reason;
  const bool moved = one.status == Status::ok && one.verdict != Verdict::ok && one.verdict != Verdict::no_history &&
                     one.verdict != Verdict::insensitive;
  if (moved && !one.changed.empty()) why += fmt::format("; changed: {}", fmt::join(one.changed, ", "));
  return why;
}

std::string change_text(const CheckedCase& one) {
  if (!one.usual || !one.tonight) return {};
  const double percent = 100 * (*one.tonight / *one.usual - 1);
  return fmt::format("{:+.1f} %", std::abs(percent) < 0.05 ? 0 : percent);
}

void add_line(Table& table, const CheckedCase& one) {
  const FigureUnit unit = unit_of_key(one.figure);
  const auto told = [&](const std::optional<double>& value) { return value ? value_text(*value / unit.one) : ""; };
  table.rows.push_back({one.key.case_name,
                        word_of(one),
                        told(one.usual),
                        told(one.tonight),
                        one.tonight ? unit.unit : "",
                        change_text(one),
                        one.detectable_percent > 0 ? fmt::format("{:.1f} %", one.detectable_percent) : "",
                        one.nights > 0 ? std::to_string(one.nights) : ""});
}

Table table_of(const SeriesKey& key, const std::string& device) {
  std::vector<std::string> facts;
  for (const std::string& fact : {key.node, device, short_device(key.device), key.sku})
    if (!fact.empty() && (facts.empty() || facts.back() != fact)) facts.push_back(fact);
  return {.title = fmt::format("{}", fmt::join(facts, " · ")),
          .columns = {{"case"},
                      {"verdict"},
                      {"usual", true, 2},
                      {"tonight", true},
                      {"unit", false, 1},
                      {"change", true},
                      {"seen from", true, 3},
                      {"nights", true, 4}}};
}

using Told = std::vector<std::pair<std::string, std::vector<std::string>>>;

std::string place_text(const SeriesKey& key) { return fmt::format("{}, {}", short_device(key.device), key.case_name); }

/// What is the same of many cases is said once.
void tell(Told& told, const std::string& what, const std::string& place) {
  const auto found = std::ranges::find(told, what, &Told::value_type::first);
  if (found == told.end())
    told.push_back({what, {place}});
  else
    found->second.push_back(place);
}

std::string told_text(const std::string& what, const std::vector<std::string>& places) {
  if (places.size() == 1) return fmt::format("{}: {}", places.front(), what);
  return fmt::format("{} and {} more: {}", places.front(), places.size() - 1, what);
}

std::string node_text(const CheckedNode& node, std::size_t width) {
  std::map<std::string, Table> tables;  // by device
  Told told;
  for (const CheckedCase& one : node.cases) {
    add_line(tables.try_emplace(one.key.device, table_of(one.key, one.device)).first->second, one);
    const bool is_quiet =
        one.status == Status::ok && !one.finding && (one.verdict == Verdict::ok || one.verdict == Verdict::insensitive);
    if (!is_quiet) tell(told, fmt::format("{}: {}", word_of(one), why_of(one)), place_text(one.key));
  }
  std::string text;
  for (const auto& [device, table] : tables) text += "\n" + table_text(table, width);
  if (!told.empty() || !node.notes.empty() || !node.gone.empty()) text += "\n";
  for (const GoneDevice& gone : node.gone)
    text += wrapped(fmt::format("gone: {}: {}", gone.device, gone.reason), 0, 2, width) + "\n";
  constexpr std::size_t most_told = 20;
  for (std::size_t i = 0; i < std::min(most_told, told.size()); ++i)
    text += wrapped(told_text(told[i].first, told[i].second), 0, 2, width) + "\n";
  if (told.size() > most_told) text += fmt::format("... and {} more: --json has them all\n", told.size() - most_told);
  for (const std::string& note : node.notes) text += wrapped(note, 0, 2, width) + "\n";
  return text + fmt::format("\n{}\n", coverage_text(node));
}

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }
Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json case_json(const CheckedCase& one) {
  const bool judged = one.status == Status::ok;
  return {{"name", one.key.case_name},
          {"method", one.key.method},
          {"device", text_or_null(one.device)},
          {"uuid", one.key.device},
          {"sku", one.key.sku},
          {"status", one.missing && one.device.empty() ? "missing" : name(one.status)},
          {"missing", one.missing},
          {"verdict", judged ? Json(name(one.verdict)) : Json(nullptr)},
          {"reason", text_or_null(one.reason)},
          {"finding",
           one.finding ? Json{{"verdict", one.finding->verdict}, {"reason", one.finding->reason}} : Json(nullptr)},
          {"figure", one.figure.empty() ? "seconds" : one.figure},
          {"usual", or_null(one.usual)},
          {"tonight", or_null(one.tonight)},
          {"slower_percent", judged && one.usual ? Json(one.slower_percent) : Json(nullptr)},
          {"interval", one.change ? Json{{"low", one.change->low}, {"high", one.change->high}} : Json(nullptr)},
          {"seen_from_percent", one.detectable_percent > 0 ? Json(one.detectable_percent) : Json(nullptr)},
          {"nights", one.nights},
          {"launches", {{"past", one.launches_past}, {"tonight", one.launches_tonight}}},
          {"changed", one.changed}};
}

Json node_json(const CheckedNode& node) {
  Json cases = Json::array(), gone = Json::array();
  for (const CheckedCase& one : node.cases) cases.push_back(case_json(one));
  for (const GoneDevice& one : node.gone) gone.push_back({{"uuid", one.device}, {"reason", one.reason}});
  return {{"node", node.node},
          {"night", node.night},
          {"verdict", node.word},
          {"exit_status", node.exit_status},
          {"sentence", node.sentence},
          {"complete", !node.interrupted},
          {"coverage",
           {{"ran", node.coverage.ran},
            {"unsupported", node.coverage.unsupported},
            {"failed", node.coverage.failed},
            {"not_run", node.coverage.not_run},
            {"not_in_baseline", node.not_in_baseline},
            {"missing", node.missing}}},
          {"gone", gone},
          {"notes", node.notes},
          {"cases", cases}};
}

}  // namespace

std::string coverage_text(const CheckedNode& node) {
  return fmt::format("{}, not in baseline {}, missing {}", text_of(node.coverage), node.not_in_baseline, node.missing);
}

std::string check_text(const Checked& checked, std::size_t width) {
  std::string text = checked.nodes.empty() ? "not_run: none of the runs given is of a night: nothing was judged\n" : "";
  for (const CheckedNode& node : checked.nodes) text += wrapped(node.sentence, 0, 2, width) + "\n";
  for (const CheckedNode& node : checked.nodes) text += node_text(node, width);
  for (const std::string& file : checked.broken) text += wrapped("skipped: " + file, 0, 2, width) + "\n";
  return text;
}

Json to_json(const Checked& checked) {
  Json nodes = Json::array();
  for (const CheckedNode& node : checked.nodes) nodes.push_back(node_json(node));
  return {{"gpubench_check", check_version},
          {"exit_status", checked.exit_status()},
          {"nodes", nodes},
          {"skipped_files", checked.broken}};
}

}  // namespace gpubench
