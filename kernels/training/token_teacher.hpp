#pragma once

#include <cstdint>
#include <span>

#include "kernels/training/network.hpp"

namespace gpubench::training {

/// Where tokens come from. Token k (from 0) has a frequency near 1 / (k + 1), as words have (Zipf 1949), and half of
/// all tokens are the fixed random successor of the one before them: what a network can learn within a few steps (the
/// frequencies) and what takes longer (the successors). Every sequence starts anew.
class TokenTeacher {
 public:
  explicit TokenTeacher(const Network& network)
      : batch_(network.batch), sequence_(network.sequence), vocabulary_(network.classes), seed_(network.seed) {}

  /// Batch `index`: tokens row-major {batch, sequence}, and for each the one that follows it.
  void batch(std::int64_t index, std::span<float> tokens, std::span<float> next) const;

 private:
  int batch_, sequence_, vocabulary_;
  std::uint64_t seed_;
};

}  // namespace gpubench::training
