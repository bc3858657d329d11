#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/distribution.hpp"
#include "harness/core/precision.hpp"
#include "harness/result.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench {

/// Forward, and the gradients by the images and by the filters.
enum class Direction { fprop, dgrad, wgrad };
inline constexpr Direction all_directions[] = {Direction::fprop, Direction::dgrad, Direction::wgrad};
constexpr std::string_view name(Direction direction) {
  using enum Direction;
  switch (direction) {
    case fprop: return "fprop";
    case dgrad: return "dgrad";
    case wgrad: return "wgrad";
  }
  return "?";
}

/// One pass of one convolution layer. The gradient by the filters is FP32, or as wide as the operands where that is
/// what frameworks take of a library; the plan says which.
struct Conv {
  training::ConvolutionShape shape{};
  Direction direction = Direction::fprop;
  Precision format = Precision::fp32;
  Distribution data = Distribution::uniform;
  /// With what a step does right before or after it; of the direction that the fusion is.
  std::optional<training::FusedConvolution::Fusion> fusion{};
  bool graphs = true;  ///< short runs may be enqueued many at a time
  std::uint64_t seed = 1;
  std::string group = "Convolutions";
  std::optional<LayerOf> layer{};  ///< where it is a layer's

  /// What it is among the operations of a training step. @pre format is fp32, tf32, bf16 or fp16
  training::Operation operation(bool narrow_gradient = false) const;

  /// `conv/bf16/fprop/n16c64h56k64r3s1`; height and width are told apart only where they differ: `h56w48`. Behind it
  /// what is not as usual: `/bn-stats` of a fused one, `/zeros`
  std::string name() const;
  std::string precision() const { return std::string(gpubench::name(format)); }
  Work work() const;
  void describe(CaseResult& row) const;
};

}  // namespace gpubench
