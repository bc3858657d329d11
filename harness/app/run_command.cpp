#include "harness/app/run_command.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/app/circumstances.hpp"
#include "harness/app/measurement.hpp"
#include "harness/app/output.hpp"
#include "harness/app/plan.hpp"
#include "harness/app/probe.hpp"
#include "harness/app/selection.hpp"
#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "reports/case_summary.hpp"
#include "reports/exit_status.hpp"

namespace gpubench {
namespace {

void note(const std::string& sentence) { fmt::print(stderr, "gpubench: {}\n", sentence); }

std::vector<std::string> names_in(std::istream& lines) {
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    line.erase(std::min(line.find_last_not_of(" \t\r") + 1, line.size()));
    line.erase(0, line.find_first_not_of(" \t"));
    if (!line.empty() && !line.starts_with('#')) names.push_back(line);
  }
  return names;
}

std::vector<std::string> names_from(const std::string& path) {
  if (path == "-") return names_in(std::cin);
  std::ifstream file(path);
  if (!file) throw UsageError(fmt::format("--cases-from {}: cannot be read", path));
  return names_in(file);
}

Wanted wanted_by(const Options& options, std::vector<std::string> suites) {
  Wanted wanted{.device = options.device,
                .suites = std::move(suites),
                .pattern = options.pattern,
                .precisions = options.precisions};
  if (options.cases_from) wanted.names = names_from(*options.cases_from);
  return wanted;
}

/// A case that is named needs no suite; without any wish a run would be everything, which nobody means.
std::vector<std::string> suites_of(const Program& program, const Options& options) {
  auto suites = known_suites(program, options.suites);
  const bool named = options.pattern || options.cases_from || options.list_tests || !options.suites.empty();
  if (!named) throw UsageError("which suite? for example: gpubench --suite " + suites.front());
  return suites;
}

void show_plan(const Plan& plan) {
  for (const CaseResult& row : plan.unsupported) fmt::print("unsupported  {}: {}\n", row.name, row.reason);
  for (std::size_t launch = 0; launch < plan.launches.size(); ++launch)
    for (const auto& worker : plan.launches[launch].workers)
      for (const Candidate& one : worker) fmt::print("launch {}  {}\n", launch, one.row.name);
  fmt::print("would run {}, unsupported {}; {} of measuring for each case\n",
             plan.cases,
             plan.unsupported.size(),
             text_of_seconds(plan.case_seconds));
}

void show_names(const std::vector<Candidate>& cases) {
  std::set<std::string> seen;  // one name on several devices is one benchmark
  for (const Candidate& one : cases)
    if (seen.insert(one.row.run_name).second) fmt::print("{}\n", one.row.run_name);
}

void tell_what_does_not_hold(const Options& options, const std::vector<Candidate>& cases, const Context& context) {
  const bool cuda = std::ranges::any_of(context.devices, [](const auto& device) { return device.kind == "cuda"; });
  if (options.no_graph && !cuda) note("--no-graph changes nothing here: only CUDA devices have graphs");
  const bool training = std::ranges::any_of(cases, [](const Candidate& one) { return is_training(one.row); });
  if (options.explain && !training) note("--explain changes nothing here: only training steps are broken down");
  for (const std::string& warning : context_warnings(context)) note("warning: " + warning);
}

/// Cases run in a shuffled order; people and tools read them in the order of their suites, launch after launch.
void put_in_order(std::vector<CaseResult>& rows, const std::vector<Candidate>& cases) {
  std::map<std::string, std::size_t> place;
  for (const Candidate& one : cases) place.emplace(one.row.name, place.size());
  std::ranges::stable_sort(rows, {}, [&](const CaseResult& row) { return std::pair(place[row.name], row.launch); });
}

/// Six samples of a long run take what they take.
void tell_if_over_budget(const Run& run, double budget_seconds) {
  double measured = 0;
  for (const CaseResult& row : run.results)
    measured += row.median_seconds * static_cast<double>(row.samples_taken) * row.runs_per_sample;
  if (measured > budget_seconds)
    note(fmt::format("measured for {}, more than the budget of {}: each case gets its least number of samples",
                     text_of_seconds(measured),
                     text_of_seconds(budget_seconds)));
}

int measure(const Program& program,
            const Options& options,
            const std::vector<Candidate>& cases,
            const Plan& plan,
            const std::set<std::string>& named,
            Context context,
            const Interrupt& interrupt) {
  const auto start = std::chrono::steady_clock::now();
  Run run{.context = std::move(context)};
  Output output(options.out, run.context);
  const auto keep = [&](const CaseResult& row) {
    run.results.push_back(row);
    output.keep(row);
  };
  for (const CaseResult& row : plan.unsupported) keep(row);
  Measurement(plan, options.suite_options, program.silence_seconds, interrupt, keep).run();

  put_in_order(run.results, cases);
  run.context.end = utc_now();
  run.complete = !interrupt.wanted();
  output.finish(run, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), options.explain);
  tell_if_over_budget(run, options.budget_seconds);
  if (interrupt.wanted()) note(interrupt.sentence() + "; what was measured is kept");
  return exit_status(run, named, interrupt.wanted());
}

}  // namespace

int run_command(const Program& program, const Options& options, const std::vector<std::string>& command_line) {
  const auto suites = suites_of(program, options);
  const Wanted wanted = wanted_by(options, suites);
  if (!options.list_tests && !options.dry_run) check_out(options.out, options.force);
  const Interrupt interrupt;
  const Probed probed = probe(program, suites, options.device, options.suite_options, interrupt);
  const auto cases = chosen_cases(probed.cases, probed.hello, wanted);
  if (options.list_tests) {
    show_names(cases);
    return 0;
  }
  const Plan plan = make_plan(cases, options.launches, options.budget_seconds, options.suite_options.seed);
  if (options.dry_run) {
    show_plan(plan);
    return 0;
  }
  const auto devices = chosen_devices(probed.hello, options.device);
  const Context context = circumstances(probed.hello, devices, command_line, options.suite_options.seed);
  tell_what_does_not_hold(options, cases, context);
  return measure(program, options, cases, plan, named_in_full(cases, wanted), context, interrupt);
}

}  // namespace gpubench
