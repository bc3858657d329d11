#include "harness/devices/cpu/memory_loops.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "harness/devices/cpu/pages.hpp"

namespace gpubench::cpu {
namespace {

constexpr std::size_t count = 5003;  // no multiple of a line

class MemoryLoops : public testing::Test {
 protected:
  MemoryLoops() : pages_(fresh_pages(3 * room * sizeof(float), PageSize::ordinary)) {
    for (std::size_t i = 0; i < count; ++i) {
      x()[i] = static_cast<float>(i % 97);
      y()[i] = static_cast<float>(i % 89) - 40;
    }
  }
  std::span<float> x() { return array(0); }
  std::span<float> y() { return array(1); }
  std::span<float> to() { return array(2); }

 private:
  static constexpr std::size_t room = 5120;
  std::span<float> array(std::size_t which) { return {reinterpret_cast<float*>(pages_.get()) + which * room, count}; }
  Pages pages_;
};

TEST_F(MemoryLoops, GiveEveryElementWithEitherStores) {
  for (const Stores stores : {Stores::ordinary, Stores::around_caches}) {
    const auto after = [&](StreamLoop loop) {
      std::ranges::fill(to(), -1.0F);
      stream(loop, stores, x(), y(), to());
      return std::vector<float>(to().begin(), to().end());
    };
    const auto copy = after(StreamLoop::copy), scale = after(StreamLoop::scale), add = after(StreamLoop::add),
               triad = after(StreamLoop::triad);
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(copy[i], x()[i]) << i;
      ASSERT_EQ(scale[i], 3 * x()[i]) << i;
      ASSERT_EQ(add[i], x()[i] + y()[i]) << i;
      ASSERT_EQ(triad[i], x()[i] + 3 * y()[i]) << i;
    }
  }
}

TEST_F(MemoryLoops, ReadEveryElementOnce) {
  float sum = 0;
  for (const float value : x()) sum += value;
  EXPECT_EQ(read_all(x()), sum);  // small whole numbers: exact in any order
}

TEST(Parts, CoverEverythingOnceInWholeLines) {
  for (const int threads : {1, 2, 3, 7}) {
    std::size_t next = 0;
    for (int thread = 0; thread < threads; ++thread) {
      const Part64 part = part_of(count, thread, threads);
      EXPECT_EQ(part.begin, next);
      if (thread + 1 < threads) {
        EXPECT_EQ(part.end % 16, 0U);
      }
      next = part.end;
    }
    EXPECT_EQ(next, count);
  }
}

TEST(Pages, AreEmptyAgainWhenTheirContentIsForgotten) {
  const std::size_t bytes = 1U << 20U;
  const Pages pages = fresh_pages(bytes, PageSize::ordinary);
  pages.get()[5000] = std::byte{7};
  forget(pages.get(), bytes);
  EXPECT_EQ(pages.get()[5000], std::byte{0});
}

}  // namespace
}  // namespace gpubench::cpu
