#include "reports/history/prune.hpp"

#include <map>
#include <set>
#include <utility>

#include "reports/history/nights.hpp"

namespace gpubench {
namespace {

using NodeNight = std::pair<std::string, std::string>;

std::set<NodeNight> needed_nights(const Archive& archive) {
  std::set<NodeNight> needed;
  for (const Series& series : series_of(archive)) {
    int left = kept_nights;
    for (auto night = series.past.rbegin(); night != series.past.rend() && left > 0; ++night) {
      needed.emplace(series.key.node, night->night);
      left -= night->standing == Standing::accepted ? 1 : 0;
    }
  }
  return needed;
}

}  // namespace

std::vector<std::string> runs_to_prune(const Archive& archive, const PruneRule& rule) {
  const auto needed = needed_nights(archive);
  const std::vector<Night> nights = nights_of(archive);
  std::map<std::string, int> left;  // nights of a node, this one and later ones
  for (const Night& night : nights) ++left[night.node];
  std::vector<std::string> identities;
  for (const Night& night : nights) {
    const int newer = --left[night.node];
    const bool is_beyond = rule.keep_nights && newer >= *rule.keep_nights;
    const bool is_old = rule.older_than && archive.runs[night.runs.front()].start < *rule.older_than;
    if (!(is_beyond || is_old) || needed.contains({night.node, night.name})) continue;
    for (const std::size_t run : night.runs) identities.push_back(archive.runs[run].identity);
  }
  return identities;
}

}  // namespace gpubench
