#include "reports/verdict/signed_rank.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "reports/verdict/robust.hpp"

namespace gpubench {
namespace {

/// How many of the 2^n choices of signs give each sum of `ranks`; sums are whole, for ranks are doubled ones.
std::vector<double> choices_by_sum(std::span<const std::size_t> ranks) {
  std::size_t largest = 0;
  for (const std::size_t rank : ranks) largest += rank;
  std::vector<double> choices(largest + 1, 0.0);
  choices[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : ranks) {
    reached += rank;
    for (std::size_t sum = reached; sum >= rank; --sum) choices[sum] += choices[sum - rank];
  }
  return choices;
}

struct Ranked {
  std::vector<std::size_t> ranks{};  // doubled: a shared rank may be a half
  std::size_t positive = 0;          // their sum over positive differences
};

Ranked ranked(std::span<const double> differences) {
  std::vector<double> ordered;
  for (const double difference : differences)
    if (difference != 0) ordered.push_back(difference);
  std::ranges::sort(ordered, {}, [](double difference) { return std::abs(difference); });
  Ranked result;
  for (std::size_t first = 0, next = 0; first < ordered.size(); first = next) {
    while (next < ordered.size() && std::abs(ordered[next]) == std::abs(ordered[first])) ++next;
    for (std::size_t i = first; i < next; ++i) {
      result.ranks.push_back(first + 1 + next);  // twice the mean of first + 1 ... next
      if (ordered[i] > 0) result.positive += result.ranks.back();
    }
  }
  return result;
}

std::vector<double> walsh_means(std::span<const double> differences) {
  std::vector<double> means;
  means.reserve(differences.size() * (differences.size() + 1) / 2);
  for (std::size_t i = 0; i < differences.size(); ++i)
    for (std::size_t j = i; j < differences.size(); ++j) means.push_back((differences[i] + differences[j]) / 2);
  return means;
}

}  // namespace

double signed_rank_p(std::span<const double> differences) {
  const Ranked ranks = ranked(differences);
  const auto choices = choices_by_sum(ranks.ranks);
  double as_large = 0;
  for (std::size_t sum = ranks.positive; sum < choices.size(); ++sum) as_large += choices[sum];
  return as_large / std::exp2(static_cast<double>(ranks.ranks.size()));
}

double walsh_median(std::span<const double> differences) {
  auto means = walsh_means(differences);
  return median_in_place(means);
}

std::optional<Interval> walsh_interval(std::span<const double> differences, double confidence) {
  std::vector<std::size_t> plain_ranks;
  for (std::size_t i = 1; i <= differences.size(); ++i) plain_ranks.push_back(i);
  const auto choices = choices_by_sum(plain_ranks);
  const double all = std::exp2(static_cast<double>(differences.size()));
  // The k-th smallest and k-th largest mean enclose the middle unless the rank sum is below k: both ends may miss.
  std::size_t outside = 0;
  for (double below = 0; outside < choices.size(); ++outside) {
    below += choices[outside];
    if (below / all > (1 - confidence) / 2) break;
  }
  if (outside == 0) return std::nullopt;
  auto means = walsh_means(differences);
  std::ranges::sort(means);
  return Interval{.low = means[outside - 1], .high = means[means.size() - outside]};
}

}  // namespace gpubench
