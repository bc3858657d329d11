#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reports/verdict/confirmation.hpp"
#include "reports/verdict/executor.hpp"
#include "reports/verdict/rules.hpp"

namespace gpubench {

/// A case and device that is measured again tonight.
struct Suspect {
  std::size_t series = 0;
  std::string case_name{}, device{};
  int planned = 12;                   ///< pairs; 16 of one carried over
  bool faster = false;                ///< a change for the better is looked for
  double seconds = 0;                 ///< that the case takes in a launch
  std::vector<double> a{}, b{};       ///< every launch's value, also of pairs that lost their other half
  std::vector<double> differences{};  ///< B - A of whole pairs
  Paired paired{};
  bool tried = false;     ///< it was in a launch
  std::string trouble{};  ///< `5 of 12 pairs lack a value`, …
};

/// The second part of a night: pairs of launches within a reserve of seconds.
class ConfirmSession {
 public:
  struct Limits {
    double reserve_seconds = 400;
    double start_seconds = 4;  ///< of a launch, before its first case
  };
  ConfirmSession(Executor& executor, Limits limits, std::uint64_t seed, const Rules& rules)
      : executor_(executor), limits_(limits), seed_(seed), rules_(rules) {}

  /// Works through the queue from its front. As many as fit the reserve with all their pairs share their launches; what
  /// is decided at the first look leaves time for others. What is left at the end serves for first looks: most suspects
  /// need no more. Those that are not reached keep tried == false.
  void work_through(std::span<Suspect> queue);

  /// The same launches for all of these, each until it is decided.
  void run_pairs(std::span<Suspect* const> batch);
  /// The same launches for all of these, to the last of the pairs: together they are one suspect.
  void run_all_pairs(std::span<Suspect* const> batch);

  double seconds() const { return seconds_; }
  /// The arm that cannot be run, twice in a row: its last words. Empty: none.
  const std::string& pinned_failure() const { return failure_[0]; }
  const std::string& current_failure() const { return failure_[1]; }
  const Conditions& pinned_conditions() const { return pinned_conditions_; }
  /// What launches of these would take with all their pairs.
  double cost(std::span<Suspect* const> batch) const;

 private:
  bool paired() const { return executor_.has_pinned() && failure_[0].empty(); }
  /// A value for each; fails twice: none for any, and the arm is given up.
  std::vector<std::optional<double>> values_of(Arm arm, std::span<Suspect* const> active);
  void one_pair(std::span<Suspect* const> active, bool current_first);
  double launch_seconds(std::span<Suspect* const> batch) const;
  double cost_of_first_look(std::span<Suspect* const> batch) const;
  std::vector<Suspect*> fitting(std::span<Suspect> queue, bool first_look_only) const;
  void drop_what_does_not_fit(std::vector<Suspect*>& active, int pairs_run) const;
  bool goes_on(const Suspect& suspect) const;
  bool finished(Suspect& suspect, int pairs_run, bool last) const;

  Executor& executor_;
  Limits limits_;
  std::uint64_t seed_;
  std::uint64_t launches_ = 0;
  const Rules& rules_;
  double seconds_ = 0;
  std::string failure_[2];
  Conditions pinned_conditions_{};
};

}  // namespace gpubench
