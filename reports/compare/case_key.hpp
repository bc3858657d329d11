#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/compare/side.hpp"

namespace gpubench {

/// The name without implementation and batch: what a CPU and a GPU, or two libraries, have in common.
///   train/resnet50/amp-bf16/b16/d1/onednn       train/resnet50/amp-bf16/d1, batch 16
///   train/gpt2/fp32/b2s256/d1/onednn            train/gpt2/fp32/s256/d1, batch 2
///   conv/bf16/fprop/n16c64h56k64r3s1/cudnn      conv/bf16/fprop/c64h56k64r3s1, batch 16
struct ProblemOf {
  std::string problem{};
  int batch = 0;  ///< 0: none in the name
};
ProblemOf problem_of(const std::string& run_name);

/// The problem with `*` in place of its precision or mode.
std::string without_precision(const std::string& problem_or_figure, const std::string& precision);

/// `gemm`, the first word of a case's name or of a figure's id.
std::string first_word(std::string_view name);

/// How the values of a figure are told, from the flat key of a row: `flops_per_second`.
FigureUnit unit_of_key(std::string_view key);

/// The flat figure that a row's figure id names (`train.resnet50.fp32.images_per_second.d1`: images_per_second), or
/// none: then seconds of one run are compared.
std::string_view key_of_figure(std::string_view figure, const std::vector<std::string>& keys);

/// Whether more of a published unit is better: rates, shares and gains, not times.
bool higher_is_better(std::string_view unit);

}  // namespace gpubench
