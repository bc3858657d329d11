#include "harness/app/program.hpp"

#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "harness/app/check_command.hpp"
#include "harness/app/cli.hpp"
#include "harness/app/compare_command.hpp"
#include "harness/app/doctor_command.hpp"
#include "harness/app/fleet_command.hpp"
#include "harness/app/history_command.hpp"
#include "harness/app/interrupt.hpp"
#include "harness/app/list_command.hpp"
#include "harness/app/ranks.hpp"
#include "harness/app/reference_command.hpp"
#include "harness/app/run_command.hpp"
#include "harness/app/worker.hpp"
#include "harness/app/worker_environment.hpp"
#include "harness/core/error.hpp"
#include "harness/environment/build_info.hpp"
#include "reports/validate.hpp"

namespace gpubench {
namespace {

constexpr int usage_status = 2, interrupted_status = 3;

std::string version() {
  const Build build = build_info();
  return build.commit.empty() ? fmt::format("gpubench {}", build.version)
                              : fmt::format("gpubench {} ({})", build.version, build.commit);
}

/// Every file is looked at, whatever is wrong with the one before it.
int validate_command(const Options& options) {
  int status = 0;
  for (const std::string& file : options.files) {
    try {
      const auto problems = problems_of(file);
      for (const std::string& problem : problems) fmt::print("{}: {}\n", file, problem);
      if (problems.empty()) fmt::print("{}: valid\n", file);
      if (!problems.empty()) status = usage_status;
    } catch (const UsageError& error) {
      fmt::print(stderr, "gpubench: {}\n", error.what());
      status = usage_status;
    }
  }
  return status;
}

void prepare_to_conduct(const Options& options) {
  forget_benchmark_variables();
  prepare_cuda(options.device);
  std::signal(SIGPIPE, SIG_IGN);  // a worker that dies while it is spoken to, a reader of our table that has gone
}

/// What would spoil every worker is refused before the first one starts.
void check_surroundings(const Options& options) {
  if (const auto problem = problem_of_ranks()) throw UsageError(*problem);
  if (const auto problem = problem_of_thread_count()) throw UsageError(*problem);
  prepare_to_conduct(options);
}

int conduct(const Program& program, const std::vector<std::string>& words) {
  const Options options = parse({words.begin() + 1, words.end()}, version());
  switch (options.word) {
    case Options::Word::say: fmt::print("{}", options.text); return 0;
    case Options::Word::validate: return validate_command(options);
    case Options::Word::compare: return compare_command(options);
    case Options::Word::reference: return reference_command(options);
    case Options::Word::history: return history_command(options);
    case Options::Word::check: return check_command(options);
    case Options::Word::fleet: return fleet_command(options);
    case Options::Word::list: check_surroundings(options); return list_command(program, options);
    case Options::Word::doctor: prepare_to_conduct(options); return doctor_command(program, options);
    case Options::Word::run: check_surroundings(options); return run_command(program, options, words);
  }
  return usage_status;
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  const std::vector<std::string> words(argv, argv + argc);
  if (words.size() == 2 && words[1] == worker_word) return work(program);
  try {
    return conduct(program, words);
  } catch (const Interrupted& interrupted) {
    fmt::print(stderr, "gpubench: {}\n", interrupted.what());
    return interrupted_status;
  } catch (const std::exception& error) {
    fmt::print(stderr, "gpubench: {}\n", error.what());
    return usage_status;
  }
}

}  // namespace gpubench
