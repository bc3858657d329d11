#include "harness/app/selection.hpp"

#include <algorithm>
#include <map>
#include <regex>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.hpp"
#include "harness/core/precision.hpp"

namespace gpubench {
namespace {

/// Each of the values once, in the order of their first appearance.
template <class Values, class Text>
std::vector<std::string> distinct(const Values& values, Text text) {
  std::vector<std::string> texts;
  for (const auto& value : values)
    if (const std::string one(text(value)); std::ranges::find(texts, one) == texts.end()) texts.push_back(one);
  return texts;
}

bool is_asked(const DeviceInfo& device, const std::string& asked, const std::string& first_kind) {
  if (asked == "all") return true;
  if (asked == "auto") return device.kind == first_kind;
  return asked == device.id || asked == device.kind || (!device.uuid.empty() && asked == device.uuid);
}

std::regex compiled(const std::string& pattern) {
  try {
    return std::regex(pattern);
  } catch (const std::regex_error& error) {
    throw UsageError(fmt::format("--case '{}' is no regular expression: {}", pattern, error.what()));
  }
}

/// Leaves those that `keep` holds for. @throws UsageError when none is left
template <class Keep>
void narrow(std::vector<Candidate>& cases, Keep keep, const std::string& wish, const std::vector<std::string>& exist) {
  std::erase_if(cases, [&](const Candidate& one) { return !keep(one.row); });
  if (!cases.empty()) return;
  constexpr std::size_t enough = 12;
  const bool many = exist.size() > enough;
  throw UsageError(fmt::format("{} matches no case; there are: {}{}",
                               wish,
                               fmt::join(exist.begin(), many ? exist.begin() + enough : exist.end(), ", "),
                               many ? fmt::format(", and {} more (gpubench list)", exist.size() - enough) : ""));
}

void narrow_to_names(std::vector<Candidate>& cases, const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (std::ranges::none_of(cases, [&](const Candidate& one) { return one.row.run_name == name; }))
      throw UsageError(fmt::format("--cases-from names {}, which is no case here (gpubench list shows them)", name));
  std::erase_if(cases, [&](const Candidate& one) { return std::ranges::find(names, one.row.run_name) == names.end(); });
  if (cases.empty()) throw UsageError("--cases-from names no case");
}

/// Two suites may share a case: it runs once.
void drop_duplicates(std::vector<Candidate>& cases) {
  std::set<std::pair<std::string, std::string>> seen;
  std::erase_if(cases, [&](const Candidate& one) { return !seen.insert({one.row.run_name, one.row.device}).second; });
}

void name_devices_apart(std::vector<Candidate>& cases) {
  std::map<std::string, int> devices;
  for (const Candidate& one : cases) ++devices[one.row.run_name];
  for (Candidate& one : cases)
    one.row.name = devices[one.row.run_name] > 1 ? one.row.run_name + "@" + one.row.device : one.row.run_name;
}

}  // namespace

std::vector<std::string> chosen_devices(const Hello& hello, const std::string& asked) {
  const std::string first_kind = hello.devices.empty() ? "" : hello.devices.front().kind;
  std::vector<std::string> chosen, exist;
  for (const DeviceInfo& device : hello.devices) {
    exist.push_back(device.id);
    if (is_asked(device, asked, first_kind)) chosen.push_back(device.id);
  }
  if (!chosen.empty()) return chosen;
  const bool any = asked == "auto" || asked == "all";
  std::string sentence = any ? std::string("there is no device") : fmt::format("there is no device {}", asked);
  if (!exist.empty()) sentence += fmt::format("; there are: {}", fmt::join(exist, ", "));
  if (!hello.absent.empty()) sentence += fmt::format(" ({})", fmt::join(hello.absent, "; "));
  throw UsageError(sentence);
}

std::vector<Candidate> chosen_cases(const std::vector<Candidate>& found, const Hello& hello, const Wanted& wanted) {
  std::vector<Candidate> cases = found;
  const auto devices = chosen_devices(hello, wanted.device);
  const auto suites = fmt::format("suite {}", fmt::join(wanted.suites, ", "));
  std::erase_if(cases, [&](const auto& one) { return std::ranges::find(devices, one.row.device) == devices.end(); });
  drop_duplicates(cases);
  if (cases.empty()) throw UsageError(fmt::format("{} has no case on {}", suites, fmt::join(devices, ", ")));
  if (!wanted.precisions.empty())
    narrow(
        cases,
        [&](const CaseResult& row) {
          return std::ranges::find(wanted.precisions, row.precision) != wanted.precisions.end();
        },
        fmt::format("--precision {} in {}", fmt::join(wanted.precisions, ","), suites),
        distinct(cases, [](const Candidate& one) { return one.row.precision; }));
  if (wanted.pattern) {
    const std::regex pattern = compiled(*wanted.pattern);
    narrow(
        cases,
        [&](const CaseResult& row) { return std::regex_search(row.run_name, pattern); },
        fmt::format("--case '{}'", *wanted.pattern),
        distinct(cases, [](const Candidate& one) { return one.row.run_name; }));
  }
  if (wanted.names) narrow_to_names(cases, *wanted.names);
  name_devices_apart(cases);
  return cases;
}

std::set<std::string> named_in_full(const std::vector<Candidate>& chosen, const Wanted& wanted) {
  std::set<std::string> names;
  if (wanted.names) names.insert(wanted.names->begin(), wanted.names->end());
  for (const Candidate& one : chosen)
    if (wanted.pattern == one.row.run_name || wanted.pattern == "^" + one.row.run_name + "$")
      names.insert(one.row.run_name);
  return names;
}

void check_precisions(const std::vector<std::string>& precisions) {
  std::vector<std::string> known = distinct(all_precisions, [](Precision one) { return name(one); });
  for (const std::string& mode : distinct(all_modes, [](Mode one) { return name(one); }))
    if (std::ranges::find(known, mode) == known.end()) known.push_back(mode);
  for (const std::string& one : precisions)
    if (std::ranges::find(known, one) == known.end())
      throw UsageError(fmt::format("unknown precision {}; there are: {}", one, fmt::join(known, ", ")));
}

}  // namespace gpubench
