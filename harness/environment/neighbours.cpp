#include "harness/environment/neighbours.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "harness/environment/system_file.hpp"

namespace gpubench {
namespace {

constexpr double noticeable_share = 0.05;  // as for a window to be called contended

/// `cpu user nice system idle iowait irq softirq steal guest guest_nice`; guests are counted in user already.
void add_processors(Activity& activity, const std::string& stat, double ticks_per_second) {
  std::istringstream fields(value_of(stat, "cpu", ' '));
  double ticks = 0;
  for (int field = 0; field < 8 && fields >> ticks; ++field) {
    const double seconds = ticks / ticks_per_second;
    activity.total_seconds += seconds;
    if (field != 3 && field != 4) activity.busy_seconds += seconds;
    if (field == 7) activity.stolen_seconds = seconds;
  }
}

/// `4242 (a name (with) anything) S ...`: fields are counted behind the last bracket.
std::optional<Activity::Process> process_of(const std::string& stat, double ticks_per_second) {
  const auto open = stat.find('('), close = stat.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return std::nullopt;
  std::istringstream fields(stat.substr(close + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;  // proc(5) counts from 1; 14 is utime
  double user = 0, system = 0, started = 0;
  fields >> user >> system;
  for (int field = 16; field < 22; ++field) fields >> skipped;
  if (!(fields >> started)) return std::nullopt;
  return Activity::Process{.name = stat.substr(open + 1, close - open - 1),
                           .started = started,
                           .seconds = (user + system) / ticks_per_second};
}

/// What it used since `before`, all it ever used where it is newer.
double used(const Activity& before, int id, const Activity::Process& now) {
  const auto then = before.processes.find(id);
  const bool same = then != before.processes.end() && then->second.started == now.started;
  return std::max(0.0, now.seconds - (same ? then->second.seconds : 0));
}

}  // namespace

Activity capture_activity(const std::filesystem::path& root, double ticks_per_second) {
  Activity activity;
  add_processors(activity, system_file(root / "proc/stat"), ticks_per_second);
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(root / "proc", ignored)) {
    const std::string name = entry.path().filename().string();
    int id = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), id);
    if (read.ec != std::errc() || read.ptr != name.data() + name.size()) continue;
    if (auto process = process_of(system_file(entry.path() / "stat"), ticks_per_second))
      activity.processes.emplace(id, std::move(*process));
  }
  return activity;
}

Neighbours neighbours(const Activity& before, const Activity& after, double seconds, int ours) {
  Neighbours found;
  double own = 0;
  for (const auto& [id, process] : after.processes) {
    const double spent = used(before, id, process);
    if (id == ours) own = spent;
    if (id != ours && seconds > 0 && spent / seconds > noticeable_share)
      found.busy.push_back({.process = id, .name = process.name, .share = spent / seconds});
  }
  std::ranges::stable_sort(found.busy, [](const auto& a, const auto& b) { return a.share > b.share; });
  const double total = after.total_seconds - before.total_seconds;
  if (!(total > 0)) return found;  // shorter than a tick of the kernel's clock
  const auto share = [total](double spent) { return std::clamp(spent / total, 0.0, 1.0); };
  found.share = share(after.busy_seconds - before.busy_seconds - own);
  found.stolen_share = share(after.stolen_seconds - before.stolen_seconds);
  return found;
}

std::optional<double> cpu_pressure(const std::filesystem::path& root) {
  const std::string text = system_file(root / "proc/pressure/cpu");
  const auto at = text.find("some avg10=");
  if (at == std::string::npos) return std::nullopt;
  double percent = 0;
  const auto begin = text.data() + at + std::string_view("some avg10=").size();
  const auto read = std::from_chars(begin, text.data() + text.size(), percent);
  return read.ec == std::errc() ? std::optional(percent / 100) : std::nullopt;
}

}  // namespace gpubench
