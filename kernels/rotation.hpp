#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

namespace gpubench {

/// Which of several equal sets of operands is next, and which have a result that was computed since their results were
/// spoilt. Sets take turns, so that no run finds in a cache what an earlier one left there.
class Rotation {
 public:
  /// So many that together they are more than twice the caches; at least one.
  static int sets_past(double cache_bytes, double set_bytes) {
    return set_bytes > 0 ? static_cast<int>(std::min(std::floor(2 * cache_bytes / set_bytes) + 1, 65536.0)) : 1;
  }

  explicit Rotation(int sets) : sets_(sets) {}
  int sets() const { return sets_; }

  /// The set of the next run.
  int take() {
    const int set = next_;
    next_ = (next_ + 1) % sets_;
    ran_ = std::min(ran_ + 1, sets_);
    return set;
  }
  /// `runs` runs, each of the set whose turn it is. Where `turn` is not empty it does a run of every set, in their
  /// order, and is called where a whole turn begins and is wanted.
  template <class Run>
  void go(int runs, const Run& run, const std::function<void()>& turn) {
    while (runs > 0) {
      if (turn && next_ == 0 && runs >= sets_) {
        turn();
        ran_ = sets_;
        runs -= sets_;
      } else {
        run(take());
        --runs;
      }
    }
  }
  /// All results have just been spoilt: the next run is of the first set.
  void start_over() { next_ = ran_ = 0; }
  /// Sets 0 to ran() - 1 have run since.
  int ran() const { return ran_; }

 private:
  int sets_, next_ = 0, ran_ = 0;
};

}  // namespace gpubench
