#include "kernels/training/token_teacher.hpp"

#include <algorithm>
#include <cmath>

#include "harness/core/random.hpp"

namespace gpubench::training {
namespace {

// Streams of random numbers; those below 10 belong to images.
constexpr std::uint64_t choice_stream = 10, token_stream = 11, successor_stream = 12;

/// The integral of 1 / k inverted: of a uniform number in (0, 1) a token of frequency near 1 / (token + 1).
std::uint64_t token_of(double uniform, int vocabulary) {
  const auto rank = static_cast<std::uint64_t>(std::exp(uniform * std::log(static_cast<double>(vocabulary) + 1)));
  return std::min(rank, static_cast<std::uint64_t>(vocabulary)) - 1;
}

}  // namespace

void TokenTeacher::batch(std::int64_t index, std::span<float> tokens, std::span<float> next) const {
  const Random choice(seed_, choice_stream), fresh(seed_, token_stream), successor(seed_, successor_stream);
  std::size_t row = 0;
  for (int n = 0; n < batch_; ++n) {
    // A sequence of one token more: the last is only a label.
    const std::uint64_t first =
        static_cast<std::uint64_t>(index * batch_ + n) * (static_cast<std::uint64_t>(sequence_) + 1);
    std::uint64_t token = token_of(fresh.uniform(first), vocabulary_);
    for (int t = 1; t <= sequence_; ++t, ++row) {
      const std::uint64_t at = first + static_cast<std::uint64_t>(t);
      tokens[row] = static_cast<float>(token);
      token = token_of(choice.bits(at) % 2 == 0 ? successor.uniform(token) : fresh.uniform(at), vocabulary_);
      next[row] = static_cast<float>(token);
    }
  }
}

}  // namespace gpubench::training
