#include "kernels/memory/memory_pass.hpp"
#include "suites/suites.hpp"

namespace gpubench {

/// What memory gives and takes when nothing is computed, and what new pages cost.
Lines memory(const SuiteOptions& options) {
  constexpr double seconds = 2.5;
  constexpr std::int64_t mib = std::int64_t{1} << 20;
  Lines lines;
  const auto add = [&](MemoryLoop loop, std::int64_t bytes, Touch touch) {
    lines.push_back(Line(MemoryPass{.loop = loop, .array_bytes = bytes, .touch = touch, .seed = options.seed},
                         {.most_seconds = options.thorough ? 0 : seconds}));
  };
  for (const MemoryLoop loop : all_memory_loops) add(loop, 256 * mib, Touch::warm);
  for (const Touch touch : {Touch::first_touch, Touch::first_touch_large}) add(MemoryLoop::copy, 256 * mib, touch);
  if (options.thorough)
    for (const MemoryLoop loop : all_memory_loops) add(loop, 1024 * mib, Touch::warm);
  return lines;
}

}  // namespace gpubench
