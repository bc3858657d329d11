#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "reports/verdict/night.hpp"
#include "tests/reports/verdict/simulation/noise.hpp"

namespace gpubench::simulation {

/// A node that measures every night, is judged by the real code, and keeps what the code says is to be kept.
class Node : public Executor {
 public:
  Node(const Setting& setting, std::uint64_t seed);

  /// The day passes: a boot perhaps, the clock, a neighbour; then the launches of the night are made.
  void next_night();
  /// So many nights, each judged and stored.
  void pass(int nights, const Rules& rules = default_rules);
  NightVerdict judge(const Rules& rules = default_rules);
  void store(const NightVerdict& verdict);
  /// The build of today becomes arm A, with twelve launches of its own.
  void pin();

  std::size_t cases() const { return history_.size(); }
  std::size_t class_of(std::size_t index) const { return traits_[index].of_class; }
  int night() const { return night_; }
  bool disturbed() const { return session_size_ > 0; }
  bool rebooted() const { return rebooted_; }
  std::span<const Series> history() const { return history_; }
  std::vector<SeriesNight>& tonight() { return tonight_; }

  std::vector<double> code{};  ///< percent by which build B is slower than A, by case
  std::vector<double> node{};  ///< percent by which this node is slower, whatever runs, by case
  std::vector<Peers> peers{};

  bool has_pinned() const override { return setting_.pinned; }
  Launch run(Arm arm, std::span<const std::string> names, std::uint64_t seed) override;

 private:
  struct Traits {
    std::size_t of_class = 0;
    double within = 0, launch = 0, boot = 0, night = 0, slope = 0;
    double boot_now = 0, night_now = 0, mode_now = 0, session_now = 0;
  };
  double normal() { return normal_(random_); }
  double uniform() { return std::uniform_real_distribution<double>()(random_); }
  double skewed();
  double beta(double a, double b);
  void boot();
  double launch_value(std::size_t index, Arm arm, double shared, bool again);

  Setting setting_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_{};
  std::vector<Traits> traits_{};
  std::vector<Series> history_{};
  std::vector<SeriesNight> tonight_{};
  std::vector<PinnedLaunches> pinned_{};
  std::vector<double> seconds_{};
  double clock_ = 0, season_phase_ = 0, clock_tonight_ = 0;
  double session_size_ = 0, trend_ = 0, elapsed_ = 0;
  bool session_again_ = false, rebooted_ = false;
  int night_ = -1;
};

}  // namespace gpubench::simulation
