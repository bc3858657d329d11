#include "reports/reference/reference_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "reports/columns.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

using Align = Columns::Align;

std::string words(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

std::string number(double value) { return value >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value); }

std::string sheet_text(const Reference& reference) {
  if (reference.datasheet.empty()) return {};
  Columns columns;
  for (const char* heading : {"datasheet", "value", "unit", "at"})
    columns.add_column(heading, heading == std::string_view("value") ? Align::right : Align::left);
  for (const SheetValue& one : reference.datasheet)
    columns.add_row({words(one.figure) + (one.verified ? "" : " *"),
                     number(one.value),
                     one.unit,
                     one.at_mhz ? fmt::format("{:.0f} MHz", *one.at_mhz) : ""});
  return fmt::format("\n{}", columns.text("  "));
}

std::string facts_text(const Reference& reference) {
  std::string text;
  for (const auto& [fact, value] : reference.facts) {
    const bool doubtful = std::ranges::find(reference.facts_not_verified, fact) != reference.facts_not_verified.end();
    text += fmt::format("  {}: {}{}\n", words(fact), value, doubtful ? " *" : "");
  }
  return text;
}

/// By source, so that what belongs together stands together.
std::string published_text(const Reference& reference, std::size_t width) {
  std::vector<std::string> sources;
  for (const Published& one : reference.published)
    if (std::ranges::find(sources, one.source) == sources.end()) sources.push_back(one.source);
  std::string text;
  for (const std::string& source : sources) {
    Columns columns;
    columns.add_column("figure");
    columns.add_column("value", Align::right);
    for (const char* heading : {"unit", "how"}) columns.add_column(heading);
    std::vector<std::string> conditions;
    for (const Published& one : reference.published) {
      if (one.source != source) continue;
      columns.add_row(
          {one.figure + (one.verified ? "" : " *"), number(one.value), one.unit, one.derived ? "derived" : "measured"});
      const std::string told = one.conditions.empty() ? one.system : fmt::format("{}: {}", one.system, one.conditions);
      if (std::ranges::find(conditions, told) == conditions.end()) conditions.push_back(told);
    }
    text += fmt::format("\nPublished by {}\n{}", source, columns.text("  "));
    constexpr std::size_t most = 6;
    for (std::size_t i = 0; i < std::min(most, conditions.size()); ++i)
      text += fmt::format("  - {}\n", wrapped(conditions[i], 4, 4, width));
    if (conditions.size() > most)
      text += fmt::format("  - and {} other conditions (--json has them)\n", conditions.size() - most);
  }
  return text;
}

std::string claims_text(const Reference& reference, std::size_t width) {
  if (reference.claims.empty()) return {};
  std::string text = "\nClaims of articles, never compared with\n";
  for (const Claim& one : reference.claims)
    text += fmt::format("  {}\n    {}\n",
                        wrapped(fmt::format("{} ({})", one.claim, one.article), 2, 4, width),
                        wrapped("doubtful: " + one.doubt, 4, 4, width));
  return text;
}

bool has_doubts(const Reference& reference) {
  return !reference.facts_not_verified.empty() ||
         std::ranges::any_of(reference.datasheet, [](const auto& one) { return !one.verified; }) ||
         std::ranges::any_of(reference.published, [](const auto& one) { return !one.verified; });
}

}  // namespace

std::string reference_list_text(const std::vector<Reference>& all) {
  Columns columns;
  columns.add_column("reference");
  columns.add_column("name");
  for (const char* heading : {"datasheet", "published", "claims"}) columns.add_column(heading, Align::right);
  const auto count = [](std::size_t n) { return n == 0 ? std::string("-") : std::to_string(n); };
  for (const Reference& one : all)
    columns.add_row(
        {one.id, one.name, count(one.datasheet.size()), count(one.published.size()), count(one.claims.size())});
  return columns.text("");
}

std::string reference_text(const Reference& reference, std::size_t width) {
  std::string text = fmt::format("{} · {}\n", reference.id, reference.name);
  text += facts_text(reference);
  if (!reference.notes.empty()) text += fmt::format("  {}\n", wrapped(reference.notes, 2, 2, width));
  text += sheet_text(reference);
  for (const std::string& source : reference.datasheet_sources)
    text += fmt::format("  - {}\n", wrapped(source, 4, 4, width));
  text += published_text(reference, width);
  text += claims_text(reference, width);
  if (has_doubts(reference)) text += "\n* not read on a named source\n";
  return text;
}

}  // namespace gpubench
