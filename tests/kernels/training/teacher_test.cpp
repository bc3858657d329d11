#include "kernels/training/teacher.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "kernels/training/small_network.hpp"

namespace gpubench::training {
namespace {

struct Batch {
  std::vector<float> images = std::vector<float>(32 * 3 * 16 * 16), labels = std::vector<float>(32);
};
Batch batch(std::int64_t index, std::uint64_t seed = 1) {
  Batch made;
  make_teacher(small_network(Mode::fp32, 32, seed))(index, made.images, made.labels);
  return made;
}

TEST(Teacher, TheSameBatchIsMadeAgainFromItsNumber) {
  EXPECT_EQ(batch(3).images, batch(3).images);
  EXPECT_EQ(batch(3).labels, batch(3).labels);
}

TEST(Teacher, EveryStepAndEverySeedSeesOtherImages) {
  EXPECT_NE(batch(0).images, batch(1).images);
  EXPECT_NE(batch(0, 1).images, batch(0, 2).images);
}

TEST(Teacher, ImagesHaveMeanZeroAndVarianceOne) {
  double sum = 0, squares = 0, count = 0;
  for (int b = 0; b < 8; ++b)
    for (const float x : batch(b).images) {
      sum += static_cast<double>(x);
      squares += static_cast<double>(x) * static_cast<double>(x);
      ++count;
    }
  EXPECT_NEAR(sum / count, 0, 0.05);
  EXPECT_NEAR(squares / count, 1, 0.05);
}

TEST(Teacher, LabelsAreClassesAndManyOfThemOccur) {
  std::set<float> seen;
  for (int b = 0; b < 8; ++b)
    for (const float label : batch(b).labels) {
      EXPECT_EQ(label, std::floor(label));
      EXPECT_GE(label, 0);
      EXPECT_LT(label, 10);
      seen.insert(label);
    }
  EXPECT_GE(seen.size(), 8U);
}

}  // namespace
}  // namespace gpubench::training
