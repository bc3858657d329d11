#include "kernels/training/token_teacher.hpp"

#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace gpubench::training {
namespace {

constexpr int batch = 4, sequence = 500, vocabulary = 1000;

struct Batch {
  std::vector<float> tokens = std::vector<float>(batch * sequence), next = tokens;
};
Batch made(std::int64_t index, std::uint64_t seed = 1) {
  Batch one;
  const Network network{.batch = batch, .sequence = sequence, .classes = vocabulary, .seed = seed};
  TokenTeacher(network).batch(index, one.tokens, one.next);
  return one;
}

TEST(TokenTeacher, TheSameBatchIsMadeAgainAndNoOther) {
  EXPECT_EQ(made(3).tokens, made(3).tokens);
  EXPECT_NE(made(3).tokens, made(4).tokens);
  EXPECT_NE(made(3).tokens, made(3, 2).tokens);
}

TEST(TokenTeacher, LabelsAreTheNextTokensOfTheSequence) {
  const Batch one = made(0);
  for (int row = 0; row + 1 < batch * sequence; ++row)
    if ((row + 1) % sequence != 0) {
      ASSERT_EQ(one.next[static_cast<std::size_t>(row)], one.tokens[static_cast<std::size_t>(row + 1)]);
    }
}

TEST(TokenTeacher, HalfOfAllTokensFollowFromTheOneBefore) {
  std::map<float, std::map<float, int>> followers;
  int pairs = 0, most = 0;
  for (int b = 0; b < 20; ++b) {
    const Batch one = made(b);
    for (std::size_t i = 0; i < one.tokens.size(); ++i) ++followers[one.tokens[i]][one.next[i]];
  }
  for (const auto& [token, after] : followers) {
    int best = 0, all = 0;
    for (const auto& [next, count] : after) {
      best = std::max(best, count);
      all += count;
    }
    if (all < 100) continue;  // seen too rarely to tell
    pairs += all;
    most += best;
  }
  EXPECT_NEAR(static_cast<double>(most) / pairs, 0.5, 0.1);
}

TEST(TokenTeacher, FrequenciesFallAsTheRankGrowsAndAllTokensAreInTheVocabulary) {
  std::vector<int> counts(vocabulary);
  for (int b = 0; b < 20; ++b)
    for (const float token : made(b).tokens) {
      ASSERT_GE(token, 0);
      ASSERT_LT(token, vocabulary);
      ++counts[static_cast<std::size_t>(token)];
    }
  int first = 0, last = 0;
  for (int i = 0; i < 10; ++i) first += counts[static_cast<std::size_t>(i)];
  for (int i = vocabulary - 10; i < vocabulary; ++i) last += counts[static_cast<std::size_t>(i)];
  EXPECT_GT(first, 50 * (last + 1));
}

}  // namespace
}  // namespace gpubench::training
