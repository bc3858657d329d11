#include "harness/devices/cpu/memory_loops.hpp"

#include <algorithm>
#include <omp.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace gpubench::cpu {
namespace {

constexpr std::size_t line = 16;  // floats in 64 bytes

#if defined(__x86_64__)

// Written with SSE, which every x86-64 has: wider registers move no more bytes when memory is the limit. Not left to
// the compiler, which makes a call of memcpy from a copying loop, and that chooses its stores by itself.
using Four = __m128;
Four load(const float* from) { return _mm_load_ps(from); }
Four four(float value) { return _mm_set1_ps(value); }
Four times(Four a, Four b) { return _mm_mul_ps(a, b); }
Four plus(Four a, Four b) { return _mm_add_ps(a, b); }
template <Stores stores>
void store(float* to, Four value) {
  if constexpr (stores == Stores::around_caches)
    _mm_stream_ps(to, value);
  else
    _mm_store_ps(to, value);
}
void finish() { _mm_sfence(); }
float sum_of(Four value) {
  alignas(16) float parts[4];
  _mm_store_ps(parts, value);
  return parts[0] + parts[1] + parts[2] + parts[3];
}

#else

struct Four {
  float v[4];
};
Four load(const float* from) { return {from[0], from[1], from[2], from[3]}; }
Four four(float value) { return {value, value, value, value}; }
Four times(Four a, Four b) { return {a.v[0] * b.v[0], a.v[1] * b.v[1], a.v[2] * b.v[2], a.v[3] * b.v[3]}; }
Four plus(Four a, Four b) { return {a.v[0] + b.v[0], a.v[1] + b.v[1], a.v[2] + b.v[2], a.v[3] + b.v[3]}; }
template <Stores>
void store(float* to, Four value) {
  std::copy(value.v, value.v + 4, to);
}
void finish() {}
float sum_of(Four value) { return value.v[0] + value.v[1] + value.v[2] + value.v[3]; }

#endif

template <StreamLoop loop>
Four result(const float* x, const float* y) {
  if constexpr (loop == StreamLoop::copy) return load(x);
  if constexpr (loop == StreamLoop::scale) return times(four(stream_factor), load(x));
  if constexpr (loop == StreamLoop::add) return plus(load(x), load(y));
  if constexpr (loop == StreamLoop::triad) return plus(load(x), times(four(stream_factor), load(y)));
}

float rest(StreamLoop loop, float x, float y) {
  switch (loop) {
    case StreamLoop::copy: return x;
    case StreamLoop::scale: return stream_factor * x;
    case StreamLoop::add: return x + y;
    case StreamLoop::triad: return x + stream_factor * y;
  }
  return 0;
}

template <StreamLoop loop, Stores stores>
void pass(std::span<const float> x, std::span<const float> y, std::span<float> to) {
#pragma omp parallel
  {
    const Part64 part = part_of(to.size(), omp_get_thread_num(), omp_get_num_threads());
    const float* second = y.empty() ? x.data() : y.data();
    const std::size_t whole = part.end - (part.end - part.begin) % line;
    for (std::size_t i = part.begin; i < whole; i += line)
      for (std::size_t j = i; j < i + line; j += 4) store<stores>(&to[j], result<loop>(&x[j], second + j));
    for (std::size_t i = whole; i < part.end; ++i) to[i] = rest(loop, x[i], second[i]);
    finish();
  }
}

template <Stores stores>
void any_pass(StreamLoop loop, std::span<const float> x, std::span<const float> y, std::span<float> to) {
  switch (loop) {
    case StreamLoop::copy: return pass<StreamLoop::copy, stores>(x, y, to);
    case StreamLoop::scale: return pass<StreamLoop::scale, stores>(x, y, to);
    case StreamLoop::add: return pass<StreamLoop::add, stores>(x, y, to);
    case StreamLoop::triad: return pass<StreamLoop::triad, stores>(x, y, to);
  }
}

}  // namespace

bool has_stores_around_caches() {
#if defined(__x86_64__)
  return true;
#else
  return false;
#endif
}

Part64 part_of(std::size_t count, int thread, int threads) {
  const std::size_t lines = (count + line - 1) / line, n = static_cast<std::size_t>(threads);
  const auto start = [&](std::size_t t) { return std::min(count, lines * t / n * line); };
  return {start(static_cast<std::size_t>(thread)), start(static_cast<std::size_t>(thread) + 1)};
}

void stream(StreamLoop loop, Stores stores, std::span<const float> x, std::span<const float> y, std::span<float> to) {
  if (stores == Stores::around_caches)
    any_pass<Stores::around_caches>(loop, x, y, to);
  else
    any_pass<Stores::ordinary>(loop, x, y, to);
}

float read_all(std::span<const float> x) {
  float total = 0;
#pragma omp parallel reduction(+ : total)
  {
    const Part64 part = part_of(x.size(), omp_get_thread_num(), omp_get_num_threads());
    Four sums[4] = {four(0), four(0), four(0), four(0)};
    const std::size_t whole = part.end - (part.end - part.begin) % line;
    for (std::size_t i = part.begin; i < whole; i += line)
      for (std::size_t j = 0; j < 4; ++j) sums[j] = plus(sums[j], load(&x[i + 4 * j]));
    for (const Four& sum : sums) total += sum_of(sum);
    for (std::size_t i = whole; i < part.end; ++i) total += x[i];
  }
  return total;
}

}  // namespace gpubench::cpu
