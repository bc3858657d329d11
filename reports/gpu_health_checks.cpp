#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/format.hpp"
#include "reports/gpu_subjects.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;

/// From here on it is worth a look at the cooling. Our own figure: each model brakes at one of its own.
constexpr double hot = 85;

std::string megahertz(double hertz) { return fmt::format("{:.0f} MHz", hertz / 1e6); }

/// Which of two clocks was asked to stay below what the hardware allows.
bool is_held_back(const std::optional<double>& application, const std::optional<double>& limit) {
  return application && limit && *application < 0.995 * *limit;  // steps are of 15 MHz
}

std::string clock_text(std::string_view what,
                       const std::optional<double>& application,
                       const std::optional<double>& limit) {
  if (!limit) return {};
  return is_held_back(application, limit) ? fmt::format("{} {} of {}", what, megahertz(*application), megahertz(*limit))
                                          : fmt::format("{} up to {}", what, megahertz(*limit));
}

bool mentions(const std::vector<std::string>& texts, std::string_view word) {
  return std::ranges::any_of(texts, [&](const std::string& text) { return text.find(word) != std::string::npos; });
}

std::string count_text(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}", text_of_count(count), what);
}

}  // namespace

Check clock_check(const Gpu& gpu) {
  std::vector<std::string> texts;
  for (const std::string& text : {clock_text("SM", gpu.sm_clock_application, gpu.sm_clock_limit),
                                  clock_text("memory", gpu.memory_clock_application, gpu.memory_clock_limit)})
    if (!text.empty()) texts.push_back(text);
  Check check{.name = "clocks", .found = texts.empty() ? "not told" : fmt::format("{}", fmt::join(texts, ", "))};
  if (!is_held_back(gpu.sm_clock_application, gpu.sm_clock_limit) &&
      !is_held_back(gpu.memory_clock_application, gpu.memory_clock_limit))
    return check;
  check.needed = "the clocks that the hardware allows";
  check.verdict = warning;
  check.advice =
      "somebody set lower application clocks, the numbers will be those of a slower GPU: nvidia-smi -rac, as root, "
      "unless that is what shall be measured";
  return check;
}

Check slowdown_check(const Gpu& gpu) {
  const auto& reasons = gpu.slowdown_reasons;
  Check check{.name = "slowdown",
              .found = reasons.empty() ? "none now" : fmt::format("now: {}", fmt::join(reasons, ", "))};
  const bool brake = mentions(reasons, "power brake"), heat = mentions(reasons, "thermal");
  if (!brake && !heat && !mentions(reasons, "hardware slowdown")) return check;  // a power cap is the GPU's normal work
  check.needed = "none";
  check.verdict = brake || mentions(reasons, "hardware thermal") ? error : warning;
  if (brake)
    check.advice =
        "the power supply tells the GPU to brake: look at the power supplies, their cables and the rack's power budget";
  else if (heat)
    check.advice = "the GPU is too hot and brakes: look at fans, filters, air flow and what its neighbours do";
  else
    check.advice = "the hardware brakes and does not say why: look at power and cooling, and ask again";
  return check;
}

Check power_check(const Gpu& gpu) {
  Check check{.name = "power limit", .found = "not told"};
  if (!gpu.power_limit_watts) return check;
  check.found = fmt::format("{:.0f} W", *gpu.power_limit_watts);
  if (!gpu.default_power_limit_watts || *gpu.power_limit_watts > *gpu.default_power_limit_watts - 1) return check;
  check.needed = fmt::format("{:.0f} W, its default", *gpu.default_power_limit_watts);
  check.verdict = warning;
  check.advice = fmt::format(
      "the numbers will be those of a GPU capped at {:.0f} W: nvidia-smi -pl {:.0f}, as root, unless that is what "
      "shall be measured",
      *gpu.power_limit_watts,
      *gpu.default_power_limit_watts);
  return check;
}

Check temperature_check(const Gpu& gpu) {
  Check check{.name = "temperature", .found = "not told"};
  if (!gpu.celsius) return check;
  check.found = fmt::format("{:.0f} °C", *gpu.celsius);
  if (*gpu.celsius < hot) return check;
  check.needed = fmt::format("below {:.0f} °C", hot);
  check.verdict = warning;
  check.advice = "it may brake under load: look at fans, filters, air flow and what runs on it";
  return check;
}

Check ecc_check(const Gpu& gpu) {
  Check check{.name = "ECC", .found = !gpu.ecc ? "not told" : *gpu.ecc ? "on" : "off"};
  if (gpu.ecc_corrected) check.found += ", " + count_text(*gpu.ecc_corrected, "corrected");
  if (gpu.ecc_uncorrected) check.found += ", " + count_text(*gpu.ecc_uncorrected, "uncorrected");
  if (gpu.ecc_uncorrected.value_or(0) > 0) {
    check.needed = "no uncorrected error";
    check.verdict = error;
    check.advice =
        "memory returned wrong data and what used it was killed: reset the GPU (nvidia-smi --gpu-reset), and replace "
        "it if that comes again";
  } else if (gpu.ecc && gpu.ecc_pending && *gpu.ecc != *gpu.ecc_pending) {
    check.found += fmt::format(", {} after the next reset", *gpu.ecc_pending ? "on" : "off");
    check.needed = "the same before and after a reset";
    check.verdict = warning;
    check.advice = "numbers of before and after cannot be compared: reset the GPU now (nvidia-smi --gpu-reset)";
  } else if (gpu.ecc && !*gpu.ecc) {
    check.needed = "on";
    check.verdict = warning;
    check.advice =
        "a flipped bit goes unseen, and the numbers are not those of a GPU with ECC: nvidia-smi -e 1 as root, then "
        "reset the GPU";
  }
  return check;
}

Check row_check(const Gpu& gpu) {
  Check check{.name = "remapped rows", .found = "not told"};
  if (gpu.rows_remapped_corrected || gpu.rows_remapped_uncorrected) {
    const int corrected = gpu.rows_remapped_corrected.value_or(0);
    const int uncorrected = gpu.rows_remapped_uncorrected.value_or(0);
    check.found = corrected + uncorrected == 0
                      ? "none"
                      : fmt::format("{} after corrected, {} after uncorrected errors", corrected, uncorrected);
  }
  if (gpu.row_remap_failed.value_or(false)) {
    check.found += ", one could not be remapped";
    check.needed = "spare rows";
    check.verdict = error;
    check.advice = "the memory is worn out where spare rows have run out: replace the GPU";
  } else if (gpu.row_remap_pending.value_or(false)) {
    check.found += ", one waits for a reset";
    check.needed = "none that waits";
    check.verdict = warning;
    check.advice =
        "a bad row is in use until the GPU is reset: nvidia-smi --gpu-reset when nothing runs on it, as root";
  }
  return check;
}

}  // namespace gpubench
