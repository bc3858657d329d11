#pragma once

#include <cstddef>
#include <span>

namespace gpubench::cpu {

/// STREAM's four loops (McCalpin 1995): to = x, to = factor * x, to = x + y, to = x + factor * y.
enum class StreamLoop { copy, scale, add, triad };
inline constexpr float stream_factor = 3;

/// How results are written. `around_caches` (non-temporal) does not read a line before it overwrites it, which an
/// ordinary store does; it pays where nobody soon reads what was written, and the caches could not hold it anyway.
enum class Stores { ordinary, around_caches };
/// Whether this processor has such stores here; without them both are ordinary.
bool has_stores_around_caches();

/// One pass by all threads, each over its own part, always the same one. Arrays are aligned to 64 bytes and do not
/// overlap. @pre equal sizes; `y` may be empty for copy and scale
void stream(StreamLoop loop, Stores stores, std::span<const float> x, std::span<const float> y, std::span<float> to);

/// Reads everything once, by all threads, each its own part as above. @returns the sum, so that it is needed
float read_all(std::span<const float> x);

/// The part of `count` elements that is thread `thread`'s of `threads`, in whole lines of 64 bytes but for the last.
struct Part64 {
  std::size_t begin = 0, end = 0;
};
Part64 part_of(std::size_t count, int thread, int threads);

}  // namespace gpubench::cpu
