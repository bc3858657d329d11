#include <gtest/gtest.h>

#include "harness/devices/cpu/memory_loops.hpp"
#include "kernels/memory/gpubench.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench {
namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20;

struct Found {
  Verification before{}, after{};
};
Found verified(const MemoryPass& pass, const StreamPass& stream = cpu::stream) {
  Silent silent;
  const auto kernel = make_memory_kernel(pass, stream);
  kernel->allocate(silent);
  Found found{.before = kernel->verify(false, silent)};
  kernel->enqueue(2);
  found.after = kernel->verify(true, silent);
  return found;
}

TEST(MemoryPass, NamesItselfAndCountsAsStreamDoes) {
  const MemoryPass triad{.loop = MemoryLoop::triad, .array_bytes = 256 * mib};
  EXPECT_EQ(triad.name(), "memory/fp32/triad/256mib/warm");
  EXPECT_EQ(triad.work().bytes, 3.0 * 256 * mib);
  EXPECT_EQ(triad.work().flops, 2.0 * 64 * mib);
  const MemoryPass copy{.loop = MemoryLoop::copy, .array_bytes = 1000, .touch = Touch::first_touch};
  EXPECT_EQ(copy.name(), "memory/fp32/copy/1000b/first-touch");
  EXPECT_EQ(copy.work().bytes, 2000);
  CaseResult row{.status = Status::ok, .median_seconds = 0.5};
  copy.describe(row);
  ASSERT_EQ(row.figures.size(), 1U);
  EXPECT_EQ(row.figures[0], std::pair(std::string("bytes_per_second"), 4000.0));
}

TEST(MemoryKernel, EveryPassIsRightOnWarmAndOnFreshPages) {
  for (const MemoryLoop loop : all_memory_loops)
    for (const Touch touch : {Touch::warm, Touch::first_touch, Touch::first_touch_large}) {
      const MemoryPass pass{.loop = loop, .array_bytes = 4 * mib, .touch = touch};
      const Found found = verified(pass);
      EXPECT_FALSE(found.before.mismatch) << pass.name() << ": " << *found.before.mismatch;
      EXPECT_FALSE(found.after.mismatch) << pass.name() << ": " << *found.after.mismatch;
      EXPECT_EQ(found.before.checked, mib);
    }
}

TEST(MemoryKernel, OneWrongElementIsFound) {
  const auto wrong = [](auto loop, auto stores, auto x, auto y, std::span<float> to) {
    cpu::stream(loop, stores, x, y, to);
    to[54321] += 1;
  };
  const Found found = verified({.loop = MemoryLoop::add, .array_bytes = mib}, wrong);
  ASSERT_TRUE(found.before.mismatch);
  EXPECT_EQ(found.before.mismatch->find("element 54321 is "), 0U) << *found.before.mismatch;
}

TEST(MemoryKernel, AnotherLoopThanWasAskedForIsFound) {
  const auto other = [](auto, auto stores, auto x, auto y, std::span<float> to) {
    cpu::stream(cpu::StreamLoop::copy, stores, x, y, to);
  };
  for (const MemoryLoop loop : {MemoryLoop::scale, MemoryLoop::add, MemoryLoop::triad})
    EXPECT_TRUE(verified({.loop = loop, .array_bytes = mib}, other).before.mismatch) << name(loop);
}

TEST(MemoryKernel, TimedRunsThatWriteNothingAreFoundAfterThem) {
  int run = 0;
  const auto lazy = [&run](auto loop, auto stores, auto x, auto y, std::span<float> to) {
    if (++run == 1) cpu::stream(loop, stores, x, y, to);
  };
  const Found found = verified({.loop = MemoryLoop::copy, .array_bytes = mib}, lazy);
  EXPECT_FALSE(found.before.mismatch);
  EXPECT_TRUE(found.after.mismatch);
}

TEST(MemoryKernel, SaysHowItStores) {
  const auto stores = [](std::int64_t bytes, Touch touch) {
    return make_memory_kernel({.loop = MemoryLoop::triad, .array_bytes = bytes, .touch = touch})->plan().at("stores");
  };
  EXPECT_EQ(stores(mib / 16, Touch::warm).find("ordinary"), 0U);  // it stays in the caches
  EXPECT_EQ(stores(1024 * mib, Touch::first_touch).find("ordinary"), 0U);
  EXPECT_EQ(stores(1024 * mib, Touch::warm).find("non-temporal") == 0, cpu::has_stores_around_caches());
}

}  // namespace
}  // namespace gpubench
