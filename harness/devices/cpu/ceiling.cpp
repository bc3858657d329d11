#include "harness/devices/cpu/ceiling.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <omp.h>

#include <fmt/format.h>

#include "harness/devices/cpu/flop_loops.hpp"
#include "harness/devices/cpu/memory_loops.hpp"
#include "harness/devices/cpu/pages.hpp"

namespace gpubench::cpu {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Seconds in which all threads did `turns` of the loop each.
double seconds_of(const FlopLoop& loop, std::int64_t turns) {
  Clock::time_point start;
#pragma omp parallel
  {
#pragma omp barrier
#pragma omp master
    start = Clock::now();
    loop.run(turns);
  }
  return seconds_since(start);
}

/// A ceiling is a maximum: short repetitions, so that one of them falls between two disturbances.
double best_rate(const FlopLoop& loop) {
  constexpr double repetition = 0.004, all = 0.15;
  const double flops_per_turn = loop.flops_per_turn * omp_get_max_threads();
  std::int64_t turns = 1000;
  double best = 0;
  const auto start = Clock::now();
  do {
    const double seconds = seconds_of(loop, turns);
    best = std::max(best, static_cast<double>(turns) * flops_per_turn / seconds);
    turns = std::clamp<std::int64_t>(std::llround(repetition * best / flops_per_turn), 1000, 1'000'000'000);
  } while (seconds_since(start) < all);
  return best;
}

/// `2 threads`
std::string threads_text() {
  const int threads = omp_get_max_threads();
  return fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
}

}  // namespace

Reached most_flops(Precision precision, const Instructions& allowed) {
  Reached most;
  for (const FlopLoop& loop : flop_loops(precision, allowed)) {
    const double rate = best_rate(loop);
    if (rate <= most.per_second) continue;
    most = {.per_second = rate, .by = fmt::format("{}, {}", loop.by, threads_text()), .precision = loop.precision};
  }
  if (most.precision != precision)
    most.by += fmt::format(" (this CPU multiplies nothing faster in {})", name(precision));
  return most;
}

Reached most_bytes(std::size_t bytes) {
  const std::size_t count = bytes / 3 / 64 * 16, array_bytes = count * sizeof(float);
  const Pages pages = fresh_pages(3 * array_bytes, PageSize::large);
  auto* first = reinterpret_cast<float*>(pages.get());
  const std::span<float> x(first, count), y(first + count, count), to(first + 2 * count, count);
  const std::span<float> all(first, 3 * count);
  // Written once before anything is timed, in the parts of the timed loops: a page comes when it is first written.
#pragma omp parallel
  for (const auto& array : {x, y, to}) {
    const Part64 part = part_of(count, omp_get_thread_num(), omp_get_num_threads());
    std::fill(array.begin() + static_cast<std::ptrdiff_t>(part.begin),
              array.begin() + static_cast<std::ptrdiff_t>(part.end),
              1.0F);
  }
  const auto array = static_cast<double>(array_bytes);
  Reached most;
  const auto take = [&most](const char* by, double moved, auto run) {
    constexpr int repetitions = 4;
    for (int i = 0; i < repetitions; ++i) {
      const auto start = Clock::now();
      run();
      const double rate = moved / seconds_since(start);
      if (rate > most.per_second) most = {.per_second = rate, .by = by};
    }
  };
  volatile float sink = 0;
  take("reading", 3 * array, [&] { sink = read_all(all); });
  take("copying", 2 * array, [&] { stream(StreamLoop::copy, Stores::around_caches, x, {}, to); });
  take("triad", 3 * array, [&] { stream(StreamLoop::triad, Stores::around_caches, x, y, to); });
  most.by += fmt::format(", 3 x {:.0f} MiB, {}", array / 1024 / 1024, threads_text());
  return most;
}

Precision ceiling_precision(const std::string& precision_or_mode) {
  if (precision_or_mode.ends_with("bf16")) return Precision::bf16;
  if (precision_or_mode == "int8") return Precision::int8;
  return Precision::fp32;
}

}  // namespace gpubench::cpu
