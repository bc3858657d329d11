#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace gpubench::emulator {

/// In which order the threads of a kernel get to run. A kernel has to be right in every one of them: what a missing
/// barrier would have kept apart shows when one warp runs ahead of the others.
struct Schedule {
  enum class Order {
    in_step,      ///< every warp in turn, each up to where it has to wait; blocks one after the other
    first_ahead,  ///< always the first warp that can run, its lanes in order: the later ones come last everywhere
    last_ahead,   ///< always the last warp that can run, its lanes backwards, and the last block first
    random  ///< warps and lanes by chance, one warp often far ahead; two clusters at a time; stops between accesses
  };
  Order order = Order::in_step;
  std::uint64_t seed = 0;  ///< of `random`
};

/// `in-step`, `first-ahead`, `last-ahead`, `random:12`
std::string text(const Schedule& schedule);

/// The opposite. @throws std::invalid_argument with a sentence that says what can be given
Schedule schedule_from(std::string_view text);

/// Those that every kernel is tested with: the three fixed ones, and `seeds` random ones.
std::vector<Schedule> usual_schedules(int seeds = 4);

/// Makes `schedule` the one of all launches of this process while it lives.
class ScheduleScope {
 public:
  explicit ScheduleScope(const Schedule& schedule);
  ScheduleScope(const ScheduleScope&) = delete;
  ScheduleScope& operator=(const ScheduleScope&) = delete;
  ~ScheduleScope();
  static const Schedule& current();

 private:
  Schedule before_;
};

}  // namespace gpubench::emulator
