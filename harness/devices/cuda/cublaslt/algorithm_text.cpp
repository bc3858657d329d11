#include <array>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "harness/devices/cuda/cublaslt/matmul.hpp"

namespace gpubench::cublaslt {
namespace {

// Rows by columns of D that a block computes: the tiles that most kernels for training have. Others are told by their
// number.
constexpr std::array<std::string_view, 36> tiles{
    "",       "8x8",    "8x16",    "16x8",    "8x32",    "16x16",   "32x8",    "8x64",   "16x32",
    "32x16",  "64x8",   "32x32",   "32x64",   "64x32",   "32x128",  "64x64",   "128x32", "64x128",
    "128x64", "64x256", "128x128", "256x64",  "64x512",  "128x256", "256x128", "512x64", "64x96",
    "96x64",  "96x128", "128x160", "160x128", "192x128", "128x192", "128x96",  "32x256", "256x32"};
// Blocks of a cluster along D's rows and columns.
constexpr std::array<std::string_view, 13> clusters{
    "", "", "1x1", "2x1", "4x1", "1x2", "2x2", "4x2", "1x4", "2x4", "4x4", "8x1", "1x8"};

template <class Value = std::uint32_t>
Value attribute_of(const Candidate& candidate, AlgorithmAttribute attribute) {
  Value value{};
  std::size_t written = 0;
  return algorithm_get(&candidate.algorithm, attribute, &value, sizeof value, &written) == Status::success ? value
                                                                                                           : Value{};
}

const char* text_of(Reduction reduction) {
  switch (reduction) {
    case Reduction::none: return "none";
    case Reduction::in_place: return "in place";
    case Reduction::compute_type: return "in the sums' type";
    case Reduction::output_type: return "in the result's type";
    case Reduction::any: break;
  }
  return "?";
}

template <std::size_t count>
std::string named(const std::array<std::string_view, count>& names, std::uint32_t id) {
  return id < count && !names[id].empty() ? std::string(names[id]) : fmt::format("no. {}", id);
}

struct Bit {
  std::uint64_t bit;
  std::string_view name;
};
constexpr Bit units[] = {
    {arithmetic::fma, "FMA"}, {arithmetic::hmma, "HMMA"}, {arithmetic::imma, "IMMA"}, {arithmetic::dmma, "DMMA"}};
constexpr Bit inputs[] = {{arithmetic::from_f16, "fp16"},
                          {arithmetic::from_bf16, "bf16"},
                          {arithmetic::from_tf32, "tf32"},
                          {arithmetic::from_f32, "fp32"},
                          {arithmetic::from_f64, "fp64"},
                          {arithmetic::from_int8, "int8"},
                          {arithmetic::from_e4m3, "e4m3"},
                          {arithmetic::from_e5m2, "e5m2"}};
constexpr Bit sums[] = {{arithmetic::sums_f16, "fp16"},
                        {arithmetic::sums_f32, "fp32"},
                        {arithmetic::sums_f64, "fp64"},
                        {arithmetic::sums_int32, "int32"}};

template <class Bits>
std::string names_of(const Bits& bits, std::uint64_t flags) {
  std::string text;
  for (const Bit& one : bits)
    if (flags & one.bit) (text += text.empty() ? "" : "+") += one.name;
  return text.empty() ? "?" : text;
}

}  // namespace

std::uint64_t arithmetic_of(const Candidate& candidate) {
  std::uint64_t flags = 0;
  std::size_t written = 0;
  const Status status = capability_get(&candidate.algorithm, Capability::arithmetic, &flags, sizeof flags, &written);
  return status == Status::success ? flags : 0;
}

std::map<std::string, std::string> text_of(const Candidate& candidate) {
  using enum AlgorithmAttribute;
  const auto number = [&](AlgorithmAttribute attribute) { return attribute_of(candidate, attribute); };
  const std::uint64_t flags = arithmetic_of(candidate);
  const auto cluster = attribute_of<std::uint16_t>(candidate, cluster_shape);
  const std::string tile_text = "tile " + named(tiles, number(tile));
  return {{"matmul", cluster > 2 ? fmt::format("{}, cluster {}", tile_text, named(clusters, cluster)) : tile_text},
          {"algorithm",
           fmt::format("{}, stages {}, split-k {}, reduction {}, swizzle {}, custom {}, inner shape {}",
                       attribute_of<std::int32_t>(candidate, id),
                       number(stages),
                       attribute_of<std::int32_t>(candidate, split_k),
                       text_of(static_cast<Reduction>(number(reduction))),
                       number(swizzle),
                       number(custom),
                       attribute_of<std::uint16_t>(candidate, inner_shape))},
          {"arithmetic",
           flags == 0
               ? std::string("not told")
               : fmt::format(
                     "{} of {}, sums in {}", names_of(units, flags), names_of(inputs, flags), names_of(sums, flags))},
          {"workspace", text_of_bytes(static_cast<double>(candidate.workspace_bytes))},
          {"waves", fmt::format("{:.2f}", candidate.waves)}};
}

}  // namespace gpubench::cublaslt
