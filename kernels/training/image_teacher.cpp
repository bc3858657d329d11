#include "kernels/training/image_teacher.hpp"

#include <cmath>

#include "harness/core/random.hpp"

namespace gpubench::training {
namespace {

// Streams of random numbers, so that no two uses meet.
constexpr std::uint64_t weight_stream = 1, texture_stream = 2, colour_stream = 3, mixture_stream = 4, noise_stream = 5;
constexpr int textures = 16, side = 8;  // a texture is a tile of side x side
// Shares of standard deviation; squares of each pair add up to 1. A texture needs a colour of its own: the network ends
// in an average over the image, which a texture without one hardly survives.
constexpr double colour_share = 0.6, grain_share = 0.8;
constexpr float texture_share = 0.8F, noise_share = 0.6F;

/// Four uniform numbers of variance 1 from 64 random bits.
constexpr int numbers_per_bits = 4;
float noise_of(std::uint64_t bits, int which) {
  const auto part = static_cast<float>((bits >> (16 * which)) & 0xffff);
  return (part - 32767.5F) * (3.4641016F / 65536.0F);  // sqrt(12): a uniform number of width 1 has variance 1/12
}

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

}  // namespace

ImageTeacher::ImageTeacher(const Network& network)
    : batch_(network.batch),
      channels_(network.channels),
      height_(network.height),
      width_(network.width),
      classes_(network.classes),
      seed_(network.seed),
      weights_(size(std::int64_t{network.classes} * textures)),
      textures_(size(std::int64_t{textures} * network.channels * side * side)) {
  const Random weights(seed_, weight_stream), grain(seed_, texture_stream), colour(seed_, colour_stream);
  for (std::size_t i = 0; i < weights_.size(); ++i) weights_[i] = static_cast<float>(weights.normal(i));
  const double share = 1 / std::sqrt(static_cast<double>(textures));
  for (std::size_t i = 0; i < textures_.size(); ++i)
    textures_[i] = static_cast<float>(
        share * (colour_share * colour.normal(i / (std::size_t{side} * side)) + grain_share * grain.normal(i)));
}

void ImageTeacher::batch(std::int64_t index, std::span<float> images, std::span<float> labels) const {
  const Random random(seed_, mixture_stream);
  const std::size_t pixels = size(std::int64_t{channels_} * height_ * width_);
  std::vector<float> mixture(textures);
  for (int n = 0; n < batch_; ++n) {
    const auto image = static_cast<std::uint64_t>(index * batch_ + n);
    for (std::size_t i = 0; i < mixture.size(); ++i)
      mixture[i] = static_cast<float>(random.normal(image * textures + i));
    labels[size(n)] = static_cast<float>(label(mixture));
    paint(tile(mixture), image * (pixels / numbers_per_bits + 1), images.subspan(size(n) * pixels, pixels));
  }
}

int ImageTeacher::label(std::span<const float> mixture) const {
  int best = 0;
  float most = 0;
  for (int c = 0; c < classes_; ++c) {
    float sum = 0;
    for (std::size_t i = 0; i < mixture.size(); ++i) sum += weights_[size(c) * textures + i] * mixture[i];
    if (c == 0 || sum > most) {
      most = sum;
      best = c;
    }
  }
  return best;
}

std::vector<float> ImageTeacher::tile(std::span<const float> mixture) const {
  std::vector<float> sum(textures_.size() / textures);
  for (std::size_t t = 0; t < mixture.size(); ++t)
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += texture_share * mixture[t] * textures_[t * sum.size() + i];
  return sum;
}

void ImageTeacher::paint(std::span<const float> tile, std::uint64_t first_bits, std::span<float> image) const {
  const Random random(seed_, noise_stream);
  std::size_t pixel = 0;
  std::uint64_t bits = 0;
  for (int c = 0; c < channels_; ++c)
    for (int h = 0; h < height_; ++h)
      for (int w = 0; w < width_; ++w, ++pixel) {
        const int which = static_cast<int>(pixel % numbers_per_bits);
        if (which == 0) bits = random.bits(first_bits + pixel / numbers_per_bits);
        const float texture = tile[size((std::int64_t{c} * side + h % side) * side + w % side)];
        image[pixel] = texture + noise_share * noise_of(bits, which);
      }
}

}  // namespace gpubench::training
