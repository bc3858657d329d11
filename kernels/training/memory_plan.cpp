#include "kernels/training/memory_plan.hpp"

#include <algorithm>
#include <numeric>

namespace gpubench::training {
namespace {

constexpr std::size_t alignment = 64;

std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

bool overlap(const Lifetime& a, const Lifetime& b) { return a.first <= b.last && b.first <= a.last; }

}  // namespace

Packing pack(std::span<const Lifetime> lifetimes) {
  std::vector<std::size_t> by_size(lifetimes.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(
      by_size.begin(), by_size.end(), [&](auto a, auto b) { return lifetimes[a].bytes > lifetimes[b].bytes; });

  Packing packing{.offsets = std::vector<std::size_t>(lifetimes.size())};
  std::vector<std::size_t> placed;  // ordered by offset
  for (const std::size_t one : by_size) {
    std::size_t offset = 0;
    for (const std::size_t other : placed) {
      if (!overlap(lifetimes[one], lifetimes[other])) continue;
      if (packing.offsets[other] >= offset + aligned(lifetimes[one].bytes)) break;  // fits into the gap before it
      offset = std::max(offset, packing.offsets[other] + aligned(lifetimes[other].bytes));
    }
    packing.offsets[one] = offset;
    packing.bytes = std::max(packing.bytes, offset + aligned(lifetimes[one].bytes));
    const auto after =
        std::upper_bound(placed.begin(), placed.end(), offset, [&](std::size_t value, std::size_t index) {
          return value < packing.offsets[index];
        });
    placed.insert(after, one);
  }
  return packing;
}

}  // namespace gpubench::training
