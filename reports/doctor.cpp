#include "reports/doctor.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "reports/columns.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

std::string lines_of_check(const Check& check, std::size_t widest_name) {
  const std::size_t indent = 2 + std::string_view("warning").size() + 2;
  const std::size_t text_column = indent + widest_name + 2;
  std::string found = check.found;
  if (check.verdict != CheckVerdict::ok && !check.needed.empty()) found += fmt::format(" · needed: {}", check.needed);
  std::string text = fmt::format("  {:<7}  {}{:{}}  {}\n",
                                 name(check.verdict),
                                 check.name,
                                 "",
                                 widest_name - width_of(check.name),
                                 wrapped(found, text_column, text_column));
  if (!check.advice.empty())
    text += fmt::format("{:{}}{}\n",
                        "",
                        text_column,
                        wrapped(fmt::format("{}: {}", name(check.verdict), check.advice), text_column, text_column));
  return text;
}

std::size_t count_of(const Checks& checks, CheckVerdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(checks, verdict, &Check::verdict));
}

std::string summary(const Checks& checks) {
  const auto errors = count_of(checks, CheckVerdict::error), warnings = count_of(checks, CheckVerdict::warning);
  const auto counted = [](std::size_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  if (errors > 0)
    return fmt::format("{}, {}: not everything can run here.", counted(errors, "error"), counted(warnings, "warning"));
  if (warnings > 0)
    return fmt::format("No error, {}: cases run, read their numbers with that in mind.", counted(warnings, "warning"));
  return "No error, no warning.";
}

}  // namespace

CheckVerdict worst_of(const Checks& checks) {
  CheckVerdict worst = CheckVerdict::ok;
  for (const Check& check : checks) worst = std::max(worst, check.verdict);
  return worst;
}

std::string doctor_text(const Checks& checks) {
  std::size_t widest = 0;
  for (const Check& check : checks) widest = std::max(widest, width_of(check.name));
  std::string text, group;
  for (const Check& check : checks) {
    if (check.group != group) text += fmt::format("{}{}\n", group.empty() ? "" : "\n", check.group);
    group = check.group;
    text += lines_of_check(check, widest);
  }
  return fmt::format("{}\n{}\n", text, summary(checks));
}

Json doctor_json(const Checks& checks, const std::string& version) {
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  Json list = Json::array();
  for (const Check& check : checks)
    list.push_back({{"group", check.group},
                    {"name", check.name},
                    {"found", check.found},
                    {"needed", or_null(check.needed)},
                    {"verdict", name(check.verdict)},
                    {"advice", or_null(check.advice)}});
  return {{"schema", 1},
          {"version", version},
          {"verdict", name(worst_of(checks))},
          {"errors", count_of(checks, CheckVerdict::error)},
          {"warnings", count_of(checks, CheckVerdict::warning)},
          {"checks", list}};
}

}  // namespace gpubench
