#include "reports/amp_gain.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "harness/core/format.hpp"

namespace gpubench {
namespace {

/// All operations of one kind, whatever the pass, in both steps.
struct Kind {
  std::string name{};
  double fp32_seconds = 0;
  double amp_seconds = 0;
  double gain() const { return fp32_seconds / amp_seconds; }
};

std::map<std::string, double> seconds_by_kind(const CaseResult& row) {
  std::map<std::string, double> seconds;
  for (const Part& part : row.parts) seconds[part.kind] += part.seconds;
  return seconds;
}

/// Kinds that both steps have; what only one of them does (casts, loss scaling) gains and loses nothing.
std::vector<Kind> kinds_of(const CaseResult& fp32, const CaseResult& amp) {
  std::vector<Kind> kinds;
  const auto before = seconds_by_kind(fp32);
  for (const auto& [name, seconds] : seconds_by_kind(amp)) {
    const auto found = before.find(name);
    if (found != before.end() && found->second > 0 && seconds > 0) kinds.push_back({name, found->second, seconds});
  }
  return kinds;
}

double total_seconds(const CaseResult& row) {
  double total = 0;
  for (const Part& part : row.parts) total += part.seconds;
  return total;
}

/// The largest part of the amp step that gains less than half of what the step gains: below 1.5x in a step of 2x. A
/// part of a twentieth or less bounds nothing.
const Kind* limiter(const std::vector<Kind>& kinds, double step_gain, double amp_seconds) {
  const Kind* largest = nullptr;
  for (const Kind& kind : kinds)
    if (kind.gain() - 1 < (step_gain - 1) / 2 && kind.amp_seconds > amp_seconds / 20 &&
        (largest == nullptr || kind.amp_seconds > largest->amp_seconds))
      largest = &kind;
  return largest;
}

/// The largest part of the fp32 step: what AMP is for.
const Kind* leader(const std::vector<Kind>& kinds) {
  const auto largest = std::ranges::max_element(kinds, {}, &Kind::fp32_seconds);
  return largest == kinds.end() ? nullptr : &*largest;
}

/// A kind as the subject of a sentence: `the convolutions gain`, `batch norm gains`.
struct Subject {
  std::string text{};
  bool plural = false;
  const char* verb(const char* one, const char* many) const { return plural ? many : one; }
};
Subject subject(const std::string& kind) {
  if (kind == "convolution") return {.text = "convolutions", .plural = true};
  if (kind == "linear") return {.text = "linear layers", .plural = true};
  return {.text = kind};
}

std::string slower_sentence(const std::vector<Kind>& kinds, const CaseResult& amp, double step_gain) {
  std::string text = fmt::format("{} is slower than fp32 here ({:.2f}x)", amp.precision, step_gain);
  const auto loses_most =
      std::ranges::max_element(kinds, {}, [](const Kind& kind) { return kind.amp_seconds - kind.fp32_seconds; });
  if (loses_most == kinds.end() || loses_most->amp_seconds <= loses_most->fp32_seconds) return text + ".";
  const Subject culprit = subject(loses_most->name);
  return fmt::format("{}: its {} {} {}, {} of fp32 {}.",
                     text,
                     culprit.text,
                     culprit.verb("takes", "take"),
                     text_of_seconds(loses_most->amp_seconds),
                     culprit.verb("that", "those"),
                     text_of_seconds(loses_most->fp32_seconds));
}

}  // namespace

std::string amp_gain_sentence(const CaseResult& fp32, const CaseResult& amp, double step_gain) {
  const std::vector<Kind> kinds = kinds_of(fp32, amp);
  if (step_gain < 1) return slower_sentence(kinds, amp, step_gain);
  if (kinds.empty()) return {};
  const std::string step = amp.precision.starts_with("amp-") ? amp.precision.substr(4) : amp.precision;
  const Kind* lead = leader(kinds);
  const Kind* limit = limiter(kinds, step_gain, total_seconds(amp));
  const std::string which = limit == nullptr ? step + " step" : "step";
  const Subject first = subject(lead->name);
  std::string text = lead->gain() <= step_gain ? fmt::format("The {} gains {:.1f}x", which, step_gain)
                                               : fmt::format("The {} {} {:.1f}x, the {} {:.1f}x",
                                                             first.text,
                                                             first.verb("gains", "gain"),
                                                             lead->gain(),
                                                             which,
                                                             step_gain);
  if (limit != nullptr) {
    const Subject second = subject(limit->name);
    text += fmt::format(": {} {} {:.0f} % of the {} step and {} {}",
                        second.text,
                        second.verb("is", "are"),
                        100 * limit->amp_seconds / total_seconds(amp),
                        step,
                        second.verb("gains", "gain"),
                        limit->gain() < 1.1 ? "nothing" : fmt::format("{:.1f}x", limit->gain()));
  }
  return text + ".";
}

}  // namespace gpubench
