#include "harness/devices/cuda/cudnn/notes.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace gpubench::cudnn {
namespace {

// By cuDNN's numbers.
constexpr std::array numerical = {"tensor cores",
                                  "inputs are converted to less",
                                  "sums in less than FP32",
                                  "FFT",
                                  "not deterministic",
                                  "Winograd",
                                  "Winograd 4x4",
                                  "Winograd 6x6",
                                  "Winograd 13x13",
                                  "NaN always passes"};
constexpr std::array behavior = {"compiled at run time",
                                 "filter must be reordered",
                                 "bias must be reordered",
                                 "CUDA graphs by its own interface",
                                 "uses cuBLASLt"};
constexpr std::array knobs = {"split k",
                              "swizzle",
                              "tile size",
                              "use tex",
                              "edge",
                              "kblock",
                              "ldga",
                              "ldgb",
                              "chunk k",
                              "split h",
                              "wino tile",
                              "multiply",
                              "split k buf",
                              "tilek",
                              "stages",
                              "reduction mode",
                              "cta split k mode",
                              "split k slc",
                              "idx mode",
                              "sliced",
                              "split rs",
                              "singlebuffer",
                              "ldgc",
                              "specfilt",
                              "kernel cfg",
                              "workspace",
                              "tile cga",
                              "tile cga m",
                              "tile cga n",
                              "block size",
                              "occupancy",
                              "array size per thread",
                              "num c per block",
                              "split cols",
                              "tile rows",
                              "tile cols",
                              "load size",
                              "cta count",
                              "stream k",
                              "split p slc",
                              "tile m",
                              "tile n",
                              "warp spec cfg",
                              "swap ab"};
static_assert(knobs.size() == static_cast<std::size_t>(Knob::count));

template <class Value, std::size_t size>
std::string text_among(const std::array<const char*, size>& texts, Value value, const char* what) {
  const auto index = static_cast<std::size_t>(value);
  return index < size ? texts[index] : fmt::format("{} {}", what, index);
}

bool always_wrong(NumericalNote note) {
  switch (note) {
    case NumericalNote::down_converted_inputs:
    case NumericalNote::reduced_precision_reduction:
    case NumericalNote::fft:
    case NumericalNote::winograd:
    case NumericalNote::winograd_4x4:
    case NumericalNote::winograd_6x6:
    case NumericalNote::winograd_13x13: return true;
    default: return false;
  }
}

}  // namespace

std::string text_of(NumericalNote note) { return text_among(numerical, note, "numerical note"); }
std::string text_of(BehaviorNote note) { return text_among(behavior, note, "behaviour note"); }
std::string text_of(Knob knob) { return text_among(knobs, knob, "knob"); }

std::optional<NumericalNote> against(Precision precision, const std::vector<NumericalNote>& notes) {
  const auto wrong = std::ranges::find_if(notes, [&](NumericalNote note) {
    return always_wrong(note) || (precision == Precision::fp32 && note == NumericalNote::tensor_cores);
  });
  return wrong == notes.end() ? std::nullopt : std::optional(*wrong);
}

bool deterministic(const std::vector<NumericalNote>& notes) {
  return std::ranges::find(notes, NumericalNote::not_deterministic) == notes.end();
}

}  // namespace gpubench::cudnn
