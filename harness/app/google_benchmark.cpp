#include "harness/app/google_benchmark.hpp"

#include <optional>

#include <benchmark/benchmark.h>

#include "harness/runner.hpp"

namespace gpubench {
namespace {

using Run = benchmark::BenchmarkReporter::Run;

/// What Google Benchmark says went wrong; none when nothing did. 1.8 has renamed the two members.
template <class AnyRun>
std::optional<std::string> complaint(const AnyRun& run) {
  if constexpr (requires { run.error_occurred; })
    return run.error_occurred ? std::optional<std::string>(run.error_message) : std::nullopt;
  else
    return run.skipped != decltype(run.skipped){} ? std::optional<std::string>(run.skip_message) : std::nullopt;
}

class Heartbeat : public Progress {
 public:
  explicit Heartbeat(const std::function<void(const Event&)>& tell) : tell_(tell) {}
  void on(const std::string& doing) override { tell_(Doing{doing}); }

 private:
  const std::function<void(const Event&)>& tell_;
};

/// Takes Google Benchmark's view of the run that has just ended together with our row, which knows more.
class Reporter : public benchmark::BenchmarkReporter {
 public:
  explicit Reporter(const std::function<void(const Event&)>& tell) : tell_(tell) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    if (!last_) return;  // a case that was left out after a lost device
    const auto wrong =
        runs.empty() ? std::optional<std::string>("Google Benchmark reported no run") : complaint(runs.front());
    if (wrong && last_->row.status == Status::ok) {
      last_->row.status = Status::failed;
      last_->row.reason = *wrong;
    }
    tell_(Finished{last_->row, last_->device_lost});
    last_.reset();
  }
  void take(Outcome outcome) { last_ = std::move(outcome); }

 private:
  const std::function<void(const Event&)>& tell_;
  std::optional<Outcome> last_{};
};

Outcome failed(const Case& one, const std::string& why) {
  Outcome outcome{.row = one.row};
  outcome.row.status = Status::failed;
  outcome.row.reason = why;
  return outcome;
}

/// An exception would pass through Google Benchmark and end the run with nothing reported.
Outcome run_safely(const Case& one, const Sampling& sampling, Progress& progress) {
  try {
    return run_case(one, sampling, progress);
  } catch (const std::exception& error) {
    return failed(one, error.what());
  } catch (...) {
    return failed(one, "something was thrown that is no exception");
  }
}

/// Our loop has decided how many samples are enough before Google Benchmark's loop starts: that one turns once and is
/// given the median.
void report(benchmark::State& state, const Outcome& outcome) {
  if (outcome.row.status != Status::ok) {
    state.SkipWithError(outcome.row.reason.c_str());
    return;
  }
  for ([[maybe_unused]] auto turn : state) state.SetIterationTime(outcome.row.median_seconds);
}

}  // namespace

void run_under_google_benchmark(const std::vector<Case>& cases,
                                const Sampling& sampling,
                                const std::function<void(const Event&)>& tell) {
  Heartbeat heartbeat(tell);
  Reporter reporter(tell);
  bool lost = false;
  for (const Case& one : cases)
    benchmark::RegisterBenchmark(one.row.run_name.c_str(),
                                 [&](benchmark::State& state) {
                                   if (lost) return state.SkipWithError("the device was lost");
                                   tell(Begin{one.row.name});
                                   Outcome outcome = run_safely(one, sampling, heartbeat);
                                   lost = outcome.device_lost;
                                   report(state, outcome);
                                   reporter.take(std::move(outcome));
                                 })
        ->UseManualTime()
        ->Iterations(1)
        ->Unit(benchmark::kMillisecond);
  if (!cases.empty()) benchmark::RunSpecifiedBenchmarks(&reporter, ".");
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace gpubench
