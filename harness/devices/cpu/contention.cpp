#include "harness/devices/cpu/contention.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <sys/resource.h>

#include <fmt/format.h>

#include "harness/devices/cpu/proc.hpp"

namespace gpubench::cpu {
namespace {

constexpr double noticeable_share = 0.05;

/// `cpu3 user nice system idle iowait irq softirq steal guest guest_nice`; guests are counted in user already.
void add_processor(Load& load, std::istringstream& fields, double ticks_per_second) {
  double total = 0, idle = 0, ticks = 0;
  for (int field = 0; field < 8 && fields >> ticks; ++field) {
    total += ticks;
    if (field == 3 || field == 4) idle += ticks;
  }
  load.total_seconds += total / ticks_per_second;
  load.busy_seconds += (total - idle) / ticks_per_second;
}

/// `some avg10=0.00 avg60=0.00 avg300=0.00 total=12345`, in microseconds.
std::optional<double> pressure(const std::string& text) {
  const std::size_t some = text.find("some "), total = text.find("total=", some);
  if (some == std::string::npos || total == std::string::npos) return std::nullopt;
  return 1e-6 * std::strtod(text.c_str() + total + 6, nullptr);
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

}  // namespace

Load machine_load(const std::filesystem::path& root, std::span<const int> cpus, double ticks_per_second) {
  Load load;
  std::istringstream lines(text_of_file(root / "proc/stat"));
  for (std::string line; std::getline(lines, line) && line.starts_with("cpu");) {
    if (line[3] == ' ') continue;  // the sum over processors that are not all ours
    std::istringstream fields(line.substr(3));
    int cpu = -1;
    fields >> cpu;
    if (std::find(cpus.begin(), cpus.end(), cpu) != cpus.end()) add_processor(load, fields, ticks_per_second);
  }
  load.pressure_seconds = pressure(text_of_file(root / "proc/pressure/cpu"));
  return load;
}

void add_own_load(Load& load) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  load.own_seconds += seconds(usage.ru_utime) + seconds(usage.ru_stime);
  load.involuntary_switches += static_cast<double>(usage.ru_nivcsw);
}

Watch::Seen contention(const Load& before, const Load& after) {
  Watch::Seen seen;
  seen.readings["involuntary_switches"] = after.involuntary_switches - before.involuntary_switches;
  if (before.pressure_seconds && after.pressure_seconds)
    seen.readings["cpu_pressure_seconds"] = *after.pressure_seconds - *before.pressure_seconds;
  const double total = after.total_seconds - before.total_seconds;
  if (!(total > 0)) return seen;  // shorter than a tick of the kernel's clock
  const double others = (after.busy_seconds - before.busy_seconds) - (after.own_seconds - before.own_seconds);
  const double share = std::clamp(others / total, 0.0, 1.0);
  seen.readings["others_cpu_share"] = share;
  if (share > noticeable_share)
    seen.labels.push_back(fmt::format("contended: others used {:.0f} % of the CPU", 100 * share));
  return seen;
}

}  // namespace gpubench::cpu
