#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace gpubench::training {

/// One buffer and the steps of the recorded list between which its contents matter, both included.
struct Lifetime {
  std::size_t bytes = 0;
  int first = 0, last = 0;
};

/// An offset for each lifetime, aligned to 64 bytes, so that no two that live at the same time share a byte.
struct Packing {
  std::vector<std::size_t> offsets{};
  std::size_t bytes = 0;
};

/// Greedy by size: the largest first, each at the lowest offset that is free for its whole life (Pisarchyk and Lee
/// 2020).
Packing pack(std::span<const Lifetime> lifetimes);

}  // namespace gpubench::training
