#include "reports/compare/limits.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/compare/case_key.hpp"

namespace gpubench {
namespace {

/// Below this share of every limit it is none of them that limits.
constexpr double least_share = 0.3;
/// More of the window than this at a clock that the power limit lowered.
constexpr float least_capped = 0.25F;
/// Below this a run of a GPU is about as long as starting it takes.
constexpr double launch_seconds = 20e-6;

std::vector<double> told(const std::vector<Beside>& beside, float Beside::*what) {
  std::vector<double> values;
  for (const Beside& one : beside)
    if (std::isfinite(one.*what)) values.push_back(one.*what);
  return values;
}

bool is_rate(const FigureUnit& unit) { return unit.higher_is_better && unit.unit.find("/s") != std::string::npos; }

/// Rates of one GPU, or of each: not a total of all.
bool is_of_one_device(const std::string& unit) {
  return unit.starts_with("TFLOP/s") || unit.starts_with("TOP/s") || unit == "GB/s" || unit.ends_with("per GPU");
}

bool moves_over_links(std::string_view word) {
  static constexpr std::array<std::string_view, 9> words{
      "h2d", "d2h", "nvlink", "allreduce", "allgather", "reducescatter", "broadcast", "alltoall", "p2p"};
  return std::ranges::find(words, word) != words.end();
}

std::string from_text(const std::string& a, const std::string& b) {
  return a == b ? a : fmt::format("A: {}, B: {}", a, b);
}

std::optional<Normalised> divided(const std::string& unit,
                                  const std::string& by_unit,
                                  double a,
                                  const std::optional<double>& by_a,
                                  double b,
                                  const std::optional<double>& by_b,
                                  const std::string& from) {
  if (!by_a || !by_b || !(*by_a > 0) || !(*by_b > 0)) return std::nullopt;
  return Normalised{.a = a / *by_a,
                    .b = b / *by_b,
                    .ratio = (b / *by_b) / (a / *by_a),
                    .unit = unit == by_unit ? "share" : fmt::format("{} per {}", unit, by_unit),
                    .from = from};
}

/// From the parts of a training step: where the least time it could take is spent.
std::string limiter_of_parts(const std::vector<Part>& parts, const Limits& limits) {
  double computing = 0, moving = 0;
  for (const Part& part : parts) {
    const double compute = part.work.flops / (1e12 * *limits.peak),
                 memory = part.work.bytes / (1e9 * *limits.bandwidth);
    (compute > memory ? computing : moving) += part.seconds;
  }
  return computing > moving ? "compute" : "memory";
}

double seconds_of(const SideCase& one, double value) {
  if (one.unit.unit == "TFLOP/s" || one.unit.unit == "TOP/s") return one.work.flops / (1e12 * value);
  if (one.unit.unit == "GB/s") return one.work.bytes / (1e9 * value);
  return one.unit.unit == "s" ? value : 0;
}

}  // namespace

std::string peak_figure(const std::string& precision) {
  std::string format = precision.starts_with("amp-") ? precision.substr(4) : precision;
  std::ranges::replace(format, '-', '_');
  static constexpr std::array<std::string_view, 9> formats{
      "fp64", "fp64_tensor", "fp32", "tf32", "fp16", "bf16", "fp8", "fp4", "int8"};
  return std::ranges::find(formats, format) == formats.end() ? "" : "peak_" + format;
}

Limits limits_of(const Side& side, const SideCase& one) {
  Limits limits;
  const Reference* sheet = side.sku.reference;
  const auto value = [&](std::string_view figure) -> std::optional<double> {
    const SheetValue* found = sheet == nullptr || figure.empty() ? nullptr : sheet->sheet(figure);
    return found == nullptr ? std::nullopt : std::optional(found->value);
  };
  limits.peak = value(peak_figure(one.precision));
  limits.bandwidth = value("memory_bandwidth");
  limits.peak_from = "datasheet";
  if (sheet == nullptr && one.ceiling) {
    if (one.ceiling->flops_per_second > 0) limits.peak = one.ceiling->flops_per_second / 1e12;
    if (one.ceiling->bytes_per_second > 0) limits.bandwidth = one.ceiling->bytes_per_second / 1e9;
    limits.peak_from = one.ceiling->measured ? "measured ceiling" : "units and clocks";
  }
  const auto watts = told(one.beside, &Beside::watts);
  limits.watts_measured = !watts.empty();
  limits.watts = watts.empty() ? value("tdp") : std::optional(median(watts));
  if (one.gpus && *one.gpus > 1 && !is_of_one_device(one.unit.unit)) limits.devices = *one.gpus;
  return limits;
}

NormalisedBy normalised(
    const Side& side_a, const SideCase& case_a, double a, const Side& side_b, const SideCase& case_b, double b) {
  if (!is_rate(case_a.unit)) return {};
  const Limits in_a = limits_of(side_a, case_a), in_b = limits_of(side_b, case_b);
  const std::string& unit = case_a.unit.unit;
  const double of_a = a / in_a.devices, of_b = b / in_b.devices;
  const std::string from = from_text(in_a.peak_from, in_b.peak_from);
  const std::string power =
      from_text(in_a.watts_measured ? "measured power" : "TDP", in_b.watts_measured ? "measured power" : "TDP");
  const bool links = moves_over_links(first_word(case_a.figure.empty() ? case_a.name : case_a.figure));
  const std::string peak_unit = unit == "TOP/s" ? "TOP/s" : "TFLOP/s";
  NormalisedBy by;
  if (!links && unit != "GB/s") by.peak = divided(unit, peak_unit, of_a, in_a.peak, of_b, in_b.peak, from);
  if (!links) by.bandwidth = divided(unit, "GB/s", of_a, in_a.bandwidth, of_b, in_b.bandwidth, from);
  by.watt = divided(unit, "W", of_a, in_a.watts, of_b, in_b.watts, power);
  return by;
}

std::string limiter_of(const Side& side, const SideCase& one, double value) {
  const std::string word = first_word(one.figure.empty() ? one.name : one.figure);
  if (word == "launch") return "launch";
  if (moves_over_links(word)) return "links";
  const auto capped = told(one.beside, &Beside::power_cap_share);
  if (!capped.empty() && median(capped) > static_cast<double>(least_capped)) return "power cap";
  const Limits limits = limits_of(side, one);
  if (!one.parts.empty() && limits.peak && limits.bandwidth) return limiter_of_parts(one.parts, limits);
  const double seconds = seconds_of(one, value);
  double compute = 0, memory = 0;
  if (one.unit.unit == "TFLOP/s" || one.unit.unit == "TOP/s") compute = limits.peak ? value / *limits.peak : 0;
  if (one.unit.unit == "GB/s") memory = limits.bandwidth ? value / *limits.bandwidth : 0;
  if (seconds > 0 && limits.peak) compute = std::max(compute, one.work.flops / seconds / (1e12 * *limits.peak));
  if (seconds > 0 && limits.bandwidth) memory = std::max(memory, one.work.bytes / seconds / (1e9 * *limits.bandwidth));
  if (std::max(compute, memory) < least_share)
    return seconds > 0 && seconds < launch_seconds && side.sku.reference != nullptr ? "launch" : "";
  return compute > memory ? "compute" : "memory";
}

}  // namespace gpubench
