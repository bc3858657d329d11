#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/training/network.hpp"

namespace gpubench::training {

/// Where images and labels come from. An image is a mixture of a few fixed random textures, tiled over it, plus fine
/// noise, about variance 1; its label is the class whose fixed random weights fit the mixture best. So the label is a
/// function of the image that a convolutional network can learn, and no two steps see the same batch.
class ImageTeacher {
 public:
  /// Seeds of the teacher and of its images are taken from `network.seed`; two networks with equal seeds see equal
  /// batches.
  explicit ImageTeacher(const Network& network);

  /// Batch `index`: images row-major {n, c, h, w}, labels as whole numbers. @pre spans have the batch's size
  void batch(std::int64_t index, std::span<float> images, std::span<float> labels) const;

 private:
  int label(std::span<const float> mixture) const;
  std::vector<float> tile(std::span<const float> mixture) const;
  void paint(std::span<const float> tile, std::uint64_t first_bits, std::span<float> image) const;

  int batch_, channels_, height_, width_, classes_;
  std::uint64_t seed_;
  std::vector<float> weights_;   // {classes, textures}
  std::vector<float> textures_;  // {textures, channels, side, side}
};

}  // namespace gpubench::training
