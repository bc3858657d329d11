#include "tests/reports/verdict/simulation/node.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <fmt/format.h>

namespace gpubench::simulation {
namespace {

constexpr double launches_to_pin = 12;

/// The classes of a node's cases, in the shares of a suite: whole ones first, the rest by lot.
std::vector<std::size_t> classes_of(int cases, double lot) {
  std::vector<std::size_t> classes;
  double taken = lot;
  for (std::size_t i = 0; i < case_classes.size(); ++i) {
    taken += case_classes[i].share * cases;
    while (static_cast<double>(classes.size()) + 1 <= taken) classes.push_back(i);
  }
  while (classes.size() < static_cast<std::size_t>(cases)) classes.push_back(0);
  classes.resize(static_cast<std::size_t>(cases));
  return classes;
}

}  // namespace

Node::Node(const Setting& setting, std::uint64_t seed) : setting_(setting), random_(seed * 2654435761 + 17) {
  const double lot = uniform();
  const auto classes = classes_of(setting.cases, setting.lot < 0 ? lot : setting.lot);
  const auto vary = [&] { return setting_.scale * std::exp(0.3 * normal()); };
  for (const std::size_t of_class : classes) {
    const CaseClass& like = case_classes[of_class];
    const double alike = std::sqrt((1 + like.correlation) / (1 - like.correlation) / setting.steps);
    traits_.push_back({.of_class = of_class,
                       .within = 1.2533 * like.sample * alike * vary(),
                       .launch = like.launch * vary(),
                       .boot = like.boot * vary() * setting.boot_scale,
                       .night = like.night * vary(),
                       .slope = like.clock_slope});
    const std::string name = fmt::format("{}{}", like.prefix, traits_.size());
    history_.push_back({.key = {.case_name = name, .node = "node", .device = "gpu"}});
    seconds_.push_back(setting.seconds_of_case());
  }
  code.assign(cases(), 0), node.assign(cases(), 0);
  pinned_.resize(cases());
  const double phase = uniform();
  season_phase_ = 2 * std::numbers::pi * (setting.season_phase < 0 ? phase : setting.season_phase);
  clock_ = 0.25 * normal();
  boot();
}

/// Launches have a long slow side. Mean 0, deviation 1.
double Node::skewed() {
  constexpr double shape = 0.35;
  const double mean = std::exp(shape * shape / 2);
  return (std::exp(shape * normal()) - mean) / (mean * std::sqrt(std::exp(shape * shape) - 1));
}

double Node::beta(double a, double b) {
  const double x = std::gamma_distribution<double>(a)(random_), y = std::gamma_distribution<double>(b)(random_);
  return x + y > 0 ? x / (x + y) : 0;
}

void Node::boot() {
  for (Traits& one : traits_) {
    const double p = std::min(0.9, case_classes[one.of_class].mode_probability * setting_.mode_scale);
    one.boot_now = one.boot * normal();
    one.mode_now = p > 0 ? beta(3 * p, 3 * (1 - p)) : 0;
  }
}

void Node::next_night() {
  ++night_;
  rebooted_ = uniform() < setting_.boots_a_night;
  if (rebooted_) boot();
  clock_ = 0.6 * clock_ + 0.25 * std::sqrt(1 - 0.36) * normal();
  clock_tonight_ = setting_.scale *
                   (clock_ + setting_.season_percent * std::sin(2 * std::numbers::pi * night_ / 365 + season_phase_) +
                    0.05 * std::sin(2 * std::numbers::pi * night_ / 7));
  session_size_ = uniform() < setting_.sessions_a_night ? 1.5 + 4.5 * uniform() : 0;
  session_again_ = uniform() < setting_.session_stays;
  trend_ = setting_.session_trend * uniform();
  elapsed_ = 0;
  const auto hit = std::max(1.0, std::round((0.02 + 0.28 * uniform()) * static_cast<double>(cases())));
  const double first = std::floor(uniform() * static_cast<double>(cases()));
  std::vector<std::size_t> order(cases());  // a session is of cases that ran one after the other, and order is shuffled
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::shuffle(order, random_);
  for (std::size_t i = 0; i < cases(); ++i) {
    traits_[i].night_now = traits_[i].night * normal();
    const double place = static_cast<double>(order[i]) - first;
    traits_[i].session_now = place >= 0 && place < hit ? session_size_ : 0;
  }
  tonight_.assign(
      cases(),
      SeriesNight{.night = fmt::format("{:05}", night_), .conditions = {{"build", fmt::format("{}", night_)}}});
  for (int launch = 0; launch < setting_.launches; ++launch) {
    const double shared = skewed();
    for (std::size_t i = 0; i < cases(); ++i)
      tonight_[i].launches.push_back(launch_value(i, Arm::current, shared, false));
  }
}

double Node::launch_value(std::size_t index, Arm arm, double shared, bool again) {
  const Traits& one = traits_[index];
  double value = 500 + one.slope * clock_tonight_ + one.boot_now + one.night_now + node[index];
  if (arm == Arm::current) value += code[index];
  if (!again || session_again_) value += one.session_now;
  value += one.launch * (std::sqrt(setting_.shared) * shared + std::sqrt(1 - setting_.shared) * skewed());
  value += one.within * normal();
  if (one.mode_now > 0 && uniform() < one.mode_now) value += case_classes[one.of_class].mode_percent;
  if (uniform() < setting_.outliers) value += std::exponential_distribution<double>(1 / 5.0)(random_);
  return value;
}

Launch Node::run(Arm arm, std::span<const std::string> names, std::uint64_t) {
  Launch launch{.seconds = setting_.start_seconds};
  const double shared = skewed();
  for (const std::string& name : names) {
    const auto found = std::ranges::find(history_, name, [](const Series& series) { return series.key.case_name; });
    const auto index = static_cast<std::size_t>(found - history_.begin());
    elapsed_ += setting_.seconds_of_case(), launch.seconds += setting_.seconds_of_case();
    const double trend = trend_ * std::min(1.0, elapsed_ / setting_.trend_seconds);
    launch.values.push_back({name, "gpu", launch_value(index, arm, shared, true) + trend});
  }
  return launch;
}

NightVerdict Node::judge(const Rules& rules) {
  return judge_night(
      {.history = history_,
       .tonight = tonight_,
       .pinned = setting_.pinned ? std::span<const PinnedLaunches>(pinned_) : std::span<const PinnedLaunches>(),
       .peers = peers,
       .seconds_of_case = seconds_,
       .limits = {.reserve_seconds = setting_.reserve_seconds, .start_seconds = setting_.start_seconds},
       .seed = 1},
      this,
      rules);
}

void Node::store(const NightVerdict& verdict) {
  for (std::size_t i = 0; i < cases(); ++i) {
    tonight_[i].verdict = verdict.cases[i].verdict;
    tonight_[i].standing = verdict.cases[i].standing;
    history_[i].past.push_back(std::move(tonight_[i]));
  }
}

void Node::pass(int nights, const Rules& rules) {
  for (int night = 0; night < nights; ++night) {
    next_night();
    store(judge(rules));
  }
}

void Node::pin() {
  for (std::size_t i = 0; i < cases(); ++i) {
    pinned_[i].launches.clear();
    for (int launch = 0; launch < launches_to_pin; ++launch)
      pinned_[i].launches.push_back(launch_value(i, Arm::pinned, skewed(), true));
  }
}

}  // namespace gpubench::simulation
