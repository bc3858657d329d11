#pragma once

#include <optional>
#include <string_view>

namespace gpubench {

/// What a kernel multiplies in. fp32 is IEEE FP32 and nothing less; tf32 is fp32 in memory with a narrower multiply;
/// fp16 and bf16 accumulate in FP32; fp8 is E4M3; int8 is int8 x int8 -> int32.
enum class Precision { fp32, tf32, fp16, bf16, fp8, int8 };

/// How a network is trained. amp: autocast of the matrix work, FP32 master weights; amp-fp16 adds dynamic loss scaling.
enum class Mode { fp32, tf32, amp_fp16, amp_bf16 };

constexpr std::string_view name(Precision precision) {
  using enum Precision;
  switch (precision) {
    case fp32: return "fp32";
    case tf32: return "tf32";
    case fp16: return "fp16";
    case bf16: return "bf16";
    case fp8: return "fp8";
    case int8: return "int8";
  }
  return "?";
}

constexpr std::string_view name(Mode mode) {
  using enum Mode;
  switch (mode) {
    case fp32: return "fp32";
    case tf32: return "tf32";
    case amp_fp16: return "amp-fp16";
    case amp_bf16: return "amp-bf16";
  }
  return "?";
}

inline constexpr Precision all_precisions[] = {
    Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16, Precision::fp8, Precision::int8};
inline constexpr Mode all_modes[] = {Mode::fp32, Mode::tf32, Mode::amp_fp16, Mode::amp_bf16};

}  // namespace gpubench
