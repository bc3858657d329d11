#include "kernels/gemm/cuda/algorithm_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/events.hpp"
#include "harness/measure/statistics.hpp"

namespace gpubench::cuda {
namespace {

constexpr int rounds = 5;
constexpr double batch_seconds = 1e-3;  // long beside the half microsecond that events resolve
constexpr int most_runs = 200;
constexpr double as_good = 1.01;  // what such short looks cannot tell apart

class Search {
 public:
  Search(int ordinal, Stream stream, const std::function<void(std::size_t)>& enqueue)
      : begin_(ordinal), end_(ordinal), stream_(stream), enqueue_(enqueue) {}

  double seconds(std::size_t candidate, int runs) {
    begin_.record(stream_);
    for (int run = 0; run < runs; ++run) enqueue_(candidate);
    end_.record(stream_);
    end_.wait();
    return end_.seconds_since(begin_) / runs;
  }

 private:
  Event begin_, end_;
  Stream stream_;
  const std::function<void(std::size_t)>& enqueue_;
};

}  // namespace

Fastest fastest_of(std::size_t candidates,
                   int ordinal,
                   Stream stream,
                   Progress& progress,
                   const std::function<void(std::size_t)>& enqueue) {
  Search search(ordinal, stream, enqueue);
  std::vector<int> runs(candidates, 0);
  for (std::size_t i = 0; i < candidates; ++i) try {
      progress.on(fmt::format("trying algorithm {} of {}", i + 1, candidates));
      search.seconds(i, 1);  // loads it
      const double once = std::max(search.seconds(i, 1), 1e-7);
      runs[i] = static_cast<int>(std::clamp(std::ceil(batch_seconds / once), 1.0, double{most_runs}));
    } catch (const DeviceLost&) {
      throw;
    } catch (const Error&) {  // the heuristic's word is no promise
    } catch (const Unsupported&) {
    }
  std::vector<std::vector<double>> times(candidates);
  for (int round = 0; round < rounds; ++round) {
    progress.on(fmt::format("timing algorithms, round {} of {}", round + 1, rounds));
    for (std::size_t i = 0; i < candidates; ++i)
      if (runs[i] > 0) times[i].push_back(search.seconds(i, runs[i]));
  }
  Fastest found{.seconds = std::vector<double>(candidates, 0)};
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < candidates; ++i) {
    if (times[i].empty()) continue;
    found.seconds[i] = median(times[i]);
    least = std::min(least, found.seconds[i]);
  }
  if (std::isinf(least)) throw Unsupported("none of the algorithms that the library offers can run");
  // Of equally fast ones always the same: two launches shall not differ by chance.
  while (found.seconds[found.index] == 0 || found.seconds[found.index] > as_good * least) ++found.index;
  return found;
}

}  // namespace gpubench::cuda
