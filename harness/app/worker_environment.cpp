#include "harness/app/worker_environment.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

#include <fmt/format.h>

namespace gpubench {
namespace {

/// OpenMP takes a list, a count for each level of nesting: `4` or `4,2`.
bool is_thread_count(std::string_view text) {
  while (true) {
    const std::string_view one = text.substr(0, text.find(','));
    int count = 0;
    const auto [end, error] = std::from_chars(one.data(), one.data() + one.size(), count);
    if (error != std::errc{} || end != one.data() + one.size() || count < 1) return false;
    if (one.size() == text.size()) return true;
    text.remove_prefix(one.size() + 1);
  }
}

}  // namespace

void forget_benchmark_variables() {
  std::vector<std::string> names;
  for (char** variable = environ; *variable; ++variable)
    if (const std::string_view text = *variable; text.starts_with("BENCHMARK_"))
      names.emplace_back(text.substr(0, text.find('=')));
  for (const std::string& name : names) unsetenv(name.c_str());
}

std::optional<std::string> problem_of_thread_count() {
  const char* text = std::getenv("OMP_NUM_THREADS");
  if (!text || is_thread_count(text)) return std::nullopt;
  return fmt::format("OMP_NUM_THREADS is '{}': a number of threads from 1 up is needed, or unset it", text);
}

void prepare_openmp(int usable_cpus) {
  constexpr int keep = 0;
  setenv("OMP_NUM_THREADS", std::to_string(usable_cpus).c_str(), keep);
  // Threads that wander or spin for long lose a multiple of the step when the machine is shared.
  setenv("OMP_PROC_BIND", "true", keep);
  setenv("GOMP_SPINCOUNT", "10000", keep);
}

void prepare_cuda(const std::string& device) {
  constexpr int keep = 0, replace = 1;
  setenv("CUDA_DEVICE_ORDER", "PCI_BUS_ID", keep);
  if (device.starts_with("MIG-")) setenv("CUDA_VISIBLE_DEVICES", device.c_str(), replace);
}

std::vector<std::string> limits_on_the_cpu() {
  std::vector<std::string> limits;
  for (const char* name : {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"})
    if (const char* value = std::getenv(name); value && *value) limits.push_back(fmt::format("{}={}", name, value));
  return limits;
}

}  // namespace gpubench
