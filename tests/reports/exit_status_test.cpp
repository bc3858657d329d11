#include "reports/exit_status.hpp"

#include <gtest/gtest.h>

#include "tests/reports/example_run.hpp"

namespace gpubench {
namespace {

CaseResult ended(Status status) {
  return status == Status::ok ? example::trained("fp32", 1)
                              : example::without_time(std::string(name(status)), status, "why");
}

Run run_of(const std::vector<Status>& statuses) {
  gpubench::Run run{.context = example::context()};
  for (const Status status : statuses) run.results.push_back(ended(status));
  return run;
}

int status_of(const std::vector<Status>& statuses) { return exit_status(run_of(statuses), {}, false); }

using enum Status;

TEST(ExitStatus, ZeroWhenEverythingRan) { EXPECT_EQ(status_of({ok}), 0); }

TEST(ExitStatus, ZeroWhenSomethingIsUnsupportedThatNobodyNamed) { EXPECT_EQ(status_of({ok, unsupported}), 0); }

TEST(ExitStatus, ThreeWhenEverythingIsUnsupported) { EXPECT_EQ(status_of({unsupported, unsupported}), 3); }

TEST(ExitStatus, ThreeWhenNothingWasMeasured) { EXPECT_EQ(status_of({}), 3); }

TEST(ExitStatus, ThreeWhenACaseFailedTimedOutOrDidNotRun) {
  EXPECT_EQ(status_of({ok, failed}), 3);
  EXPECT_EQ(status_of({ok, timed_out}), 3);
  EXPECT_EQ(status_of({ok, not_run}), 3);
}

TEST(ExitStatus, ThreeWhenACaseNamedInFullIsUnsupported) {
  gpubench::Run run = run_of({ok, unsupported});
  EXPECT_EQ(exit_status(run, {run.results[1].run_name}, false), 3);
  EXPECT_EQ(exit_status(run, {run.results[0].run_name}, false), 0);
  run.results[1].name += "@cuda:1";
  EXPECT_EQ(exit_status(run, {run.results[1].name}, false), 3);
}

TEST(ExitStatus, ThreeWhenInterrupted) { EXPECT_EQ(exit_status(run_of({ok}), {}, true), 3); }

TEST(ExitStatus, OneWhenAnAnswerIsWrongOrImplausible) {
  EXPECT_EQ(status_of({ok, wrong_result}), 1);
  EXPECT_EQ(status_of({ok, implausible}), 1);
}

TEST(ExitStatus, OneWhenTheNodeIsDegradedOrADeviceIsGone) {
  for (const char* verdict : {"degraded", "gone"}) {
    gpubench::Run run = run_of({ok});
    run.results[0].finding = Finding{.verdict = verdict, .reason = "why"};
    EXPECT_EQ(exit_status(run, {}, false), 1) << verdict;
  }
}

TEST(ExitStatus, OneComesBeforeThree) {
  EXPECT_EQ(status_of({failed, wrong_result}), 1);
  EXPECT_EQ(exit_status(run_of({wrong_result}), {}, true), 1);
}

TEST(Coverage, SaysHowManyCasesEndedHow) {
  EXPECT_EQ(text_of(coverage(run_of({ok, unsupported, failed, timed_out, wrong_result, implausible}))),
            "ran 1, unsupported 1, failed 4");
  EXPECT_EQ(text_of(coverage(run_of({ok, not_run}))), "ran 1, unsupported 0, failed 0, not run 1");
}

TEST(Coverage, ACaseOfSeveralLaunchesCountsOnceAsItsWorst) {
  gpubench::Run run = run_of({ok, ok, ok});
  for (int i = 0; i < 3; ++i) run.results[static_cast<std::size_t>(i)].launch = i;
  EXPECT_EQ(text_of(coverage(run)), "ran 1, unsupported 0, failed 0");
  run.results[1].status = failed;
  EXPECT_EQ(text_of(coverage(run)), "ran 0, unsupported 0, failed 1");
}

}  // namespace
}  // namespace gpubench
