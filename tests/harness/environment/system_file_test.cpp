#include "harness/environment/system_file.hpp"

#include <gtest/gtest.h>

namespace gpubench {
namespace {

TEST(SystemFile, AKernelListNamesEachOfItsNumbers) {
  EXPECT_EQ(numbers_of_list("0-2,8\n"), (std::vector<int>{0, 1, 2, 8}));
  EXPECT_EQ(numbers_of_list("5"), std::vector<int>{5});
  EXPECT_EQ(numbers_of_list(""), std::vector<int>{});
  EXPECT_EQ(static_cast<int>(numbers_of_list("0-3,8,10-11").size()), count_of_list("0-3,8,10-11"));
}

TEST(SystemFile, ABrokenListDoesNotFillTheMemory) { EXPECT_LT(numbers_of_list("0-200000").size(), 100'000U); }

}  // namespace
}  // namespace gpubench
