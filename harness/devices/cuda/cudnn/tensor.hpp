#pragma once

#include <cstdint>
#include <vector>

#include "harness/devices/cuda/cudnn/descriptor.hpp"

namespace gpubench::cudnn {

/// An operand of a graph. Sizes are in cuDNN's order ({n, c, h, w}, filters {k, c, r, s}), strides in elements.
struct Tensor {
  enum class Place { memory, virtual_one, by_value };

  std::int64_t id = 0;  ///< names it among the operands of its graph
  DataType type = DataType::f32;
  std::vector<std::int64_t> dimensions{}, strides{};
  Place place = Place::memory;  ///< virtual: between two operations, never in memory; by value: in memory of the host

  Descriptor described() const;
};

/// Strides where channels lie side by side: NHWC of images, KRSC of filters. @pre four dimensions
std::vector<std::int64_t> channels_last(const std::vector<std::int64_t>& dimensions);
/// Strides where the last dimension lies side by side.
std::vector<std::int64_t> row_major(const std::vector<std::int64_t>& dimensions);

}  // namespace gpubench::cudnn
