#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/doctor.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;

Check library_check(const Library& library) {
  if (library.missing.empty())
    return {.group = "libraries", .name = library.name, .found = fmt::format("{} ({})", library.version, library.path)};
  return {.group = "libraries",
          .name = library.name,
          .found = "missing",
          .needed = "a file that loads",
          .verdict = error,
          .advice = library.missing};
}

/// A machine without a GPU is a full device; one whose own processor cannot be used is not.
Check absent_check(const std::string& sentence, bool any_device) {
  const auto colon = sentence.find(": ");
  const std::string backend = sentence.substr(0, colon);
  Check check{.group = "libraries",
              .name = "back-end " + backend,
              .found = colon == std::string::npos ? sentence : "no device: " + sentence.substr(colon + 2)};
  if (any_device && backend != "cpu") return check;
  check.verdict = error;
  check.needed = "a device";
  check.advice = backend == "cpu" ? "nothing runs on this CPU without it: build or install libgpubench_cpu.so of the "
                                    "same version beside the program"
                                  : "there is no device of any kind to run on";
  return check;
}

/// Each reason once, in the order of their cases.
std::string distinct(const std::vector<std::string>& reasons) {
  std::vector<std::string> once;
  for (const std::string& reason : reasons)
    if (std::ranges::find(once, reason) == once.end()) once.push_back(reason);
  return fmt::format("{}", fmt::join(once, "; "));
}

/// Whether another check tells of it: of the back-end itself, or of one of its kind that has the same reason.
bool is_told(const std::string& sentence, const std::optional<GpuNode>& gpus) {
  return gpus && (sentence.starts_with(gpus->plugin + ": ") || sentence.ends_with(": " + gpus->why_not));
}

bool is_told(const Library& library, const std::optional<GpuNode>& gpus) {
  return gpus && std::ranges::find(gpus->libraries, library.name, &Library::name) != gpus->libraries.end();
}

}  // namespace

Checks library_checks(const std::vector<DeviceInfo>& devices,
                      const std::vector<std::string>& absent,
                      const std::optional<GpuNode>& gpus) {
  Checks checks;
  std::set<std::string> seen;     // several devices of one kind use the same
  std::vector<std::string> told;  // the group gpus says what they are
  for (const DeviceInfo& device : devices) {
    if (gpus && device.kind == "cuda")
      told.push_back(device.id);
    else
      checks.push_back({.group = "libraries",
                        .name = "device " + device.id,
                        .found = device.model.empty() ? device.kind : device.model});
  }
  if (!told.empty())
    checks.push_back({.group = "libraries", .name = "devices cuda", .found = fmt::format("{}", fmt::join(told, ", "))});
  for (const DeviceInfo& device : devices)
    for (const Library& library : device.libraries)
      if (!is_told(library, gpus) && seen.insert(library.name + library.path).second)
        checks.push_back(library_check(library));
  for (const std::string& sentence : absent)
    if (devices.empty() || !is_told(sentence, gpus)) checks.push_back(absent_check(sentence, !devices.empty()));
  if (checks.empty())
    checks.push_back({.group = "libraries",
                      .name = "back-ends",
                      .found = "none",
                      .verdict = error,
                      .advice = "the program has no back-end to look for devices with"});
  return checks;
}

Checks suite_checks(const std::vector<SuiteCases>& suites, bool library_missing) {
  const bool any_runs = std::ranges::any_of(suites, [](const SuiteCases& suite) { return suite.runs() > 0; });
  Checks checks;
  for (const SuiteCases& suite : suites) {
    const std::string reasons = distinct(suite.why_not);
    Check check{.group = "suites",
                .name = suite.name,
                .found = fmt::format("{} of {} cases run", suite.runs(), suite.cases),
                .needed = suite.runs() > 0 ? "" : "one that runs"};
    if (suite.runs() == 0 && (library_missing || !any_runs)) {
      check.verdict = any_runs ? warning : error;
      check.advice = reasons.empty() ? "there is no device to run it on" : reasons;
    } else if (!reasons.empty()) {
      check.found += fmt::format(" ({})", reasons);
    }
    checks.push_back(std::move(check));
  }
  return checks;
}

}  // namespace gpubench
