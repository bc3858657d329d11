#include "harness/app/doctor_command.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/app/plugins.hpp"
#include "harness/app/probe.hpp"
#include "harness/app/worker_environment.hpp"
#include "harness/core/error.hpp"
#include "harness/environment/build_info.hpp"
#include "harness/environment/environment_variables.hpp"
#include "harness/environment/host.hpp"
#include "harness/environment/memory_limits.hpp"
#include "harness/environment/neighbours.hpp"
#include "harness/environment/processor.hpp"
#include "harness/environment/shared_memory.hpp"
#include "reports/doctor.hpp"
#include "reports/gpu_checks.hpp"
#include "reports/machine_checks.hpp"

namespace gpubench {
namespace {

void append(Checks& checks, Checks more) { std::ranges::move(more, std::back_inserter(checks)); }

/// Before a worker of ours runs: it would be one of those who use the processors.
Checks watched_neighbours(const Host& host, int cpus) {
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto pressure = cpu_pressure();
  const auto start = std::chrono::steady_clock::now();
  const Activity before = capture_activity("/", ticks);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const Activity after = capture_activity("/", ticks);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return neighbour_checks(neighbours(before, after, seconds, getpid()), seconds, pressure, host.load_average, cpus);
}

std::vector<SuiteCases> cases_by_suite(const Program& program, const std::vector<Candidate>& candidates) {
  std::vector<SuiteCases> suites;
  for (const Suite& suite : program.suites) {
    if (!suite.lines) continue;
    SuiteCases& one = suites.emplace_back(SuiteCases{.name = std::string(suite.name)});
    for (const auto& [row, own_worker, why_not, uuid] : candidates) {
      if (row.suite != suite.name) continue;
      ++one.cases;
      if (why_not) one.why_not.push_back(*why_not);
    }
  }
  return suites;
}

GpuSurroundings gpu_surroundings(const Host& host, const Hello& hello) {
  const auto devices = std::ranges::count(hello.devices, family_of(hello.gpus->plugin), &DeviceInfo::kind);
  return {.numa_nodes = host.numa_nodes,
          .container = host.container,
          .shared_memory = capture_shared_memory(),
          .devices = static_cast<int>(devices)};
}

/// What only a worker can tell. One that dies is a finding as well: nothing would run here.
Checks device_checks(const Program& program, const Options& options, const Host& host, std::string& isa) {
  if (const auto problem = problem_of_thread_count())
    return {{.group = "libraries",
             .name = "devices",
             .found = "not looked for",
             .verdict = CheckVerdict::error,
             .advice = *problem}};
  try {
    const Interrupt interrupt;
    const Probed probed = probe(program, known_suites(program, {}), "all", options.suite_options, interrupt, true);
    for (const DeviceInfo& device : probed.hello.devices)
      if (device.kind == "cpu") isa = device.isa;
    const auto& gpus = probed.hello.gpus;
    Checks checks = library_checks(probed.hello.devices, probed.hello.absent, gpus);
    const bool missing = worst_of(checks) == CheckVerdict::error;
    if (gpus) {
      const GpuSurroundings surroundings = gpu_surroundings(host, probed.hello);
      append(checks, gpu_software_checks(*gpus, surroundings));
      append(checks, gpu_checks(*gpus, surroundings));
    }
    append(checks, suite_checks(cases_by_suite(program, probed.cases), missing));
    return checks;
  } catch (const UsageError& error) {
    return {{.group = "libraries",
             .name = "devices",
             .found = "not found",
             .needed = "a worker that tells them",
             .verdict = CheckVerdict::error,
             .advice = error.what()}};
  }
}

std::string heading(const Host& host) {
  std::string text = fmt::format("gpubench {} · doctor", build_info().version);
  for (const std::string& fact : {host.name, host.operating_system, host.kernel, host.container})
    if (!fact.empty()) text += " · " + fact;
  return text;
}

}  // namespace

int doctor_command(const Program& program, const Options& options) {
  const Host host = capture_host();
  const Processor processor = capture_processor();
  const int cpus = processor.ours.cpus;
  const Checks others = watched_neighbours(host, cpus);
  std::string isa;
  const Checks devices = device_checks(program, options, host, isa);

  Checks checks = processor_checks(processor, isa);
  append(checks, variable_checks(environment_variables(), cpus));
  append(checks, clock_checks(capture_clock_policy(), processor));
  append(checks, memory_checks(capture_memory_limits()));
  append(checks, devices);
  append(checks, others);
  if (options.json)
    fmt::print("{}\n", doctor_json(checks, build_info().version).dump(2, ' ', false, Json::error_handler_t::replace));
  else
    fmt::print("{}\n\n{}", heading(host), doctor_text(checks));
  return worst_of(checks) == CheckVerdict::error ? 1 : 0;
}

}  // namespace gpubench
