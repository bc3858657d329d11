#include "harness/devices/cpu/cores.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <omp.h>
#include <sched.h>
#include <sstream>

#include "harness/devices/cpu/proc.hpp"
#include "harness/environment/control_group.hpp"

namespace gpubench::cpu {

std::string model(const std::filesystem::path& root) {
  std::istringstream lines(text_of_file(root / "proc/cpuinfo"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "CPU";
}

namespace {

/// Processors of OpenMP's places: all that this process may use. With OMP_PROC_BIND libgomp ties the calling thread to
/// one of them as soon as it is loaded, so the thread's own affinity no longer tells.
std::vector<int> cpus_of_places() {
  std::vector<int> cpus;
  for (int place = 0; place < omp_get_num_places(); ++place) {
    std::vector<int> some(static_cast<std::size_t>(omp_get_place_num_procs(place)));
    omp_get_place_proc_ids(place, some.data());
    cpus.insert(cpus.end(), some.begin(), some.end());
  }
  std::ranges::sort(cpus);
  return cpus;
}

std::vector<int> cpus_of_thread() {
  constexpr int most = 8192;  // what the kernel can be built for; the fixed set ends at 1024
  const std::size_t bytes = CPU_ALLOC_SIZE(most);
  const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(CPU_ALLOC(most), [](cpu_set_t* s) { CPU_FREE(s); });
  CPU_ZERO_S(bytes, set.get());
  std::vector<int> cpus;
  if (sched_getaffinity(0, bytes, set.get()) != 0) return cpus;
  for (int cpu = 0; cpu < most; ++cpu)
    if (CPU_ISSET_S(static_cast<std::size_t>(cpu), bytes, set.get())) cpus.push_back(cpu);
  return cpus;
}

}  // namespace

std::vector<int> allowed_cpus() {
  std::vector<int> cpus = cpus_of_places();
  return cpus.empty() ? cpus_of_thread() : cpus;
}

std::optional<double> cpu_quota(const std::filesystem::path& root) {
  const ControlGroup group = control_group(root, "cpu");
  std::optional<double> least;
  for (const auto& folder : group.folders) {
    double quota = -1, period = 0;
    if (group.version == 2) {  // `200000 100000`, or `max 100000`, which reads as no number
      std::istringstream words(text_of_file(folder / "cpu.max"));
      if (!(words >> quota >> period)) continue;
    } else {  // -1 is no quota
      quota = number_in(folder / "cpu.cfs_quota_us").value_or(-1);
      period = number_in(folder / "cpu.cfs_period_us").value_or(0);
    }
    if (quota > 0 && period > 0) least = std::min(least.value_or(quota / period), quota / period);
  }
  return least;
}

int usable_cores(int allowed, std::optional<double> quota) {
  const double granted = quota ? std::ceil(*quota) : allowed;
  return std::max(1, static_cast<int>(std::min<double>(allowed, granted)));
}

}  // namespace gpubench::cpu
