#include "kernels/training/teacher.hpp"

#include <algorithm>

#include "harness/core/random.hpp"

namespace gpubench::training {
namespace {

// Streams of random numbers, so that weights of the teacher, coarse grids and noise never meet.
constexpr std::uint64_t teacher_stream = 1, coarse_stream = 2, noise_stream = 3;
constexpr float coarse_share = 0.8F, noise_share = 0.6F;  // squares add up to 1

/// Four uniform numbers of variance 1 from 64 random bits.
constexpr int numbers_per_bits = 4;
float noise_of(std::uint64_t bits, int which) {
  const auto part = static_cast<float>((bits >> (16 * which)) & 0xffff);
  return (part - 32767.5F) * (3.4641016F / 65536.0F);  // sqrt(12): a uniform number of width 1 has variance 1/12
}

std::size_t size(std::int64_t count) { return static_cast<std::size_t>(count); }

}  // namespace

Teacher::Teacher(const Network& network)
    : batch_(network.batch),
      channels_(network.channels),
      height_(network.height),
      width_(network.width),
      classes_(network.classes),
      grid_(std::min({7, network.height, network.width})),
      seed_(network.seed),
      weights_(size(std::int64_t{network.classes} * network.channels * grid_ * grid_)) {
  const Random random(seed_, teacher_stream);
  for (std::size_t i = 0; i < weights_.size(); ++i) weights_[i] = static_cast<float>(random.normal(i));
}

void Teacher::batch(std::int64_t index, std::span<float> images, std::span<float> labels) const {
  const Random random(seed_, coarse_stream);
  const std::size_t pixels = size(std::int64_t{channels_} * height_ * width_);
  std::vector<float> coarse(size(std::int64_t{channels_} * grid_ * grid_));
  for (int n = 0; n < batch_; ++n) {
    const std::uint64_t image =
        static_cast<std::uint64_t>(index) * static_cast<std::uint64_t>(batch_) + static_cast<std::uint64_t>(n);
    for (std::size_t i = 0; i < coarse.size(); ++i)
      coarse[i] = static_cast<float>(random.normal(image * coarse.size() + i));
    labels[size(n)] = static_cast<float>(label(coarse));
    paint(coarse, image * (pixels / numbers_per_bits + 1), images.subspan(size(n) * pixels, pixels));
  }
}

int Teacher::label(std::span<const float> coarse) const {
  int best = 0;
  float most = 0;
  for (int c = 0; c < classes_; ++c) {
    float sum = 0;
    for (std::size_t i = 0; i < coarse.size(); ++i) sum += weights_[size(c) * coarse.size() + i] * coarse[i];
    if (c == 0 || sum > most) {
      most = sum;
      best = c;
    }
  }
  return best;
}

void Teacher::paint(std::span<const float> coarse, std::uint64_t first_bits, std::span<float> image) const {
  const Random random(seed_, noise_stream);
  std::size_t pixel = 0;
  std::uint64_t bits = 0;
  for (int c = 0; c < channels_; ++c)
    for (int h = 0; h < height_; ++h)
      for (int w = 0; w < width_; ++w, ++pixel) {
        const int which = static_cast<int>(pixel % numbers_per_bits);
        if (which == 0) bits = random.bits(first_bits + pixel / numbers_per_bits);
        const float smooth = coarse[size((std::int64_t{c} * grid_ + h * grid_ / height_) * grid_ + w * grid_ / width_)];
        image[pixel] = coarse_share * smooth + noise_share * noise_of(bits, which);
      }
}

}  // namespace gpubench::training
