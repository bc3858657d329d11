#include "kernels/gemm/cuda/algorithm_search.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/events.hpp"
#include "harness/measure/statistics.hpp"

namespace gpubench::cuda {
namespace {

constexpr int rounds = 5;
constexpr double batch_seconds = 1e-3;  // long beside the half microsecond that events resolve
constexpr int most_runs = 200;

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
  Fastest found{.index = candidates, .seconds = std::vector<double>(candidates, 0)};
  for (std::size_t i = 0; i < candidates; ++i) {
    if (times[i].empty()) continue;
    found.seconds[i] = median(times[i]);
    if (found.index == candidates || found.seconds[i] < found.seconds[found.index]) found.index = i;
  }
  if (found.index == candidates) throw Unsupported("none of the algorithms that the library offers can run");
  return found;
}

}  // namespace gpubench::cuda
