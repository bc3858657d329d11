#include "harness/core/format.hpp"

#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace gpubench {
namespace {

/// Three significant digits, four where a whole number needs them: 1.571, 34.9, 812.
std::string digits(double value) {
  const double size = std::abs(value);
  if (size < 10) return fmt::format("{:.3f}", value);
  return fmt::format("{:.{}f}", value, size < 100 ? 1 : 0);
}

}  // namespace

std::string text_of_seconds(double seconds) {
  static constexpr std::array<std::pair<double, const char*>, 4> small{
      {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}}};
  if (seconds >= 2 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  if (seconds >= 120) return fmt::format("{:.1f} min", seconds / 60);
  for (const auto& [unit, name] : small)
    if (seconds >= unit) return fmt::format("{} {}", digits(seconds / unit), name);
  return fmt::format("{:.3g} s", seconds);
}

std::string text_of_bytes(double bytes) {
  static constexpr std::array<std::pair<double, const char*>, 4> units{
      {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}}};
  for (const auto& [unit, name] : units)
    if (bytes >= unit) return fmt::format("{:.{}f} {}", bytes / unit, bytes < 10 * unit ? 1 : 0, name);
  return fmt::format("{:.0f} B", bytes);
}

std::string text_of_count(std::int64_t count) {
  std::string text = std::to_string(count);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > (count < 0 ? 1 : 0); at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ' ');
  return text;
}

std::string text_of_rate(double per_second, const char* unit) {
  static constexpr std::array<std::pair<double, const char*>, 4> prefixes{
      {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  for (const auto& [factor, prefix] : prefixes) {
    if (per_second < factor) continue;
    const double number = per_second / factor;
    return fmt::format("{:.{}f} {}{}", number, number < 10 ? 2 : number < 100 ? 1 : 0, prefix, unit);
  }
  return fmt::format("{:.3g} {}", per_second, unit);
}

std::string text_of_cuda(int version) { return fmt::format("{}.{}", version / 1000, version % 1000 / 10); }

std::string text_of_percent(double fraction) { return fmt::format("{:.1f} %", 100 * fraction); }

}  // namespace gpubench
