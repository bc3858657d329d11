#include "harness/devices/cuda/emulator/schedule.hpp"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace gpubench::emulator {
namespace {

Schedule of_all_launches{};

}  // namespace

std::string text(const Schedule& schedule) {
  switch (schedule.order) {
    case Schedule::Order::in_step: return "in-step";
    case Schedule::Order::first_ahead: return "first-ahead";
    case Schedule::Order::last_ahead: return "last-ahead";
    case Schedule::Order::random: return fmt::format("random:{}", schedule.seed);
  }
  return "";
}

Schedule schedule_from(std::string_view text) {
  for (const auto order : {Schedule::Order::in_step, Schedule::Order::first_ahead, Schedule::Order::last_ahead})
    if (text == emulator::text(Schedule{.order = order})) return {.order = order};
  constexpr std::string_view random = "random:";
  if (text.starts_with(random)) {
    const std::string_view digits = text.substr(random.size());
    std::uint64_t seed = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
    if (error == std::errc{} && end == digits.data() + digits.size() && !digits.empty())
      return {.order = Schedule::Order::random, .seed = seed};
  }
  throw std::invalid_argument(
      fmt::format("there is no schedule '{}': in-step, first-ahead, last-ahead, or random:SEED", text));
}

std::vector<Schedule> usual_schedules(int seeds) {
  std::vector<Schedule> all = {{.order = Schedule::Order::in_step},
                               {.order = Schedule::Order::first_ahead},
                               {.order = Schedule::Order::last_ahead}};
  for (int seed = 1; seed <= seeds; ++seed)
    all.push_back({.order = Schedule::Order::random, .seed = static_cast<std::uint64_t>(seed)});
  return all;
}

ScheduleScope::ScheduleScope(const Schedule& schedule) : before_(of_all_launches) { of_all_launches = schedule; }
ScheduleScope::~ScheduleScope() { of_all_launches = before_; }
const Schedule& ScheduleScope::current() { return of_all_launches; }

}  // namespace gpubench::emulator
