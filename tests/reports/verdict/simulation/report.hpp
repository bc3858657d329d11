#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace gpubench::simulation {

/// How much is simulated. Constants were fitted on seeds below 100; what is reported is of others.
struct Extent {
  bool quick = false;
  std::uint64_t seed = 1000;
  int nodes(int full, int small) const { return quick ? small : full; }
  std::uint64_t seed_of(int figure, int node) const {
    return (seed + static_cast<std::uint64_t>(figure)) * 1'000'003 + static_cast<std::uint64_t>(node);
  }
};

/// A line for each figure, and whether all of them are what is demanded.
class Report {
 public:
  /// `F1 false alarms per 1000 case-nights … 0.08 (at most 0.25) pass`
  void at_most(const std::string& what, double measured, double limit, const std::string& basis);
  void at_least(const std::string& what, double measured, double limit, const std::string& basis);
  void within(const std::string& what, double measured, double low, double high, const std::string& basis);
  /// Nothing is demanded of it.
  void tell(const std::string& what, double measured, const std::string& basis);
  bool all_pass() const { return missed_ == 0; }
  int missed() const { return missed_; }

 private:
  void line(const std::string& what, double measured, const std::string& demand, bool pass, const std::string& basis);
  int missed_ = 0;
};

/// Calls `each` for 0 ... count - 1 on two threads.
void on_two_threads(int count, const std::function<void(int)>& each);

/// Counts, added up from several threads.
class Tally {
 public:
  explicit Tally(std::size_t size) : counts_(size, 0.0) {}
  void add(std::size_t index, double count = 1) {
    const std::lock_guard lock(mutex_);
    counts_[index] += count;
  }
  double operator[](std::size_t index) const { return counts_[index]; }
  double share(std::size_t index, std::size_t of) const { return counts_[of] > 0 ? counts_[index] / counts_[of] : 0; }

 private:
  std::mutex mutex_{};
  std::vector<double> counts_;
};

}  // namespace gpubench::simulation
