#include "harness/app/interrupt.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>

#include "reports/run_file.hpp"
#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

class Interrupts : public EndToEnd {
 protected:
  /// Suites slow and stuck: the last case never ends. Waits until it has begun.
  void wait_for_the_last(int rows_before = 2) const {
    ASSERT_TRUE(comes_true([&] {
      const std::string text = text_of_file(folder_ / "run.json.journal");
      return std::count(text.begin(), text.end(), '\n') == 1 + rows_before;  // the context comes first
    }));
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
};

TEST_F(Interrupts, ControlCKeepsWhatWasMeasured) {
  for (const int signal : {SIGINT, SIGTERM}) {
    Running running(folder_, {"--suite", "slow", "--out", "run.json", "--force"}, {});
    wait_for_the_last();
    ::kill(running.id(), signal);
    const Ended ended = running.end();
    EXPECT_EQ(ended.status, 3) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(signal == SIGINT ? "interrupted (SIGINT)" : "interrupted (SIGTERM)"));
    const auto run = read_run(folder_ / "run.json");
    EXPECT_FALSE(run.complete);
    EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
    EXPECT_EQ(row_of(run, "/unsupported/").status, Status::unsupported);
    EXPECT_EQ(row_of(run, "/sleep/").status, Status::not_run);
    EXPECT_THAT(row_of(run, "/sleep/").reason, HasSubstr("interrupted"));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run.json.journal"));
  }
}

TEST_F(Interrupts, AKilledConductorLeavesAReadableJournalAndNoWorker) {
  Running running(folder_, {"--suite", "stuck", "--out", "run.json"}, {});
  wait_for_the_last(1);
  const auto workers = children_of(running.id());
  ASSERT_EQ(workers.size(), 1U);
  EXPECT_EQ(getpgid(workers.front()), workers.front()) << "^C would reach it";
  ::kill(running.id(), SIGKILL);
  EXPECT_EQ(running.end().status, -SIGKILL);
  EXPECT_TRUE(comes_true([&] { return !is_alive(workers.front()); }, 100)) << "it hangs, and would for ever";
  const auto run = read_run(folder_ / "run.json.journal");
  EXPECT_FALSE(run.complete);
  EXPECT_EQ(row_of(run, "/ok/").status, Status::ok);
}

TEST_F(Interrupts, AWorkerKilledFromOutsideIsAFailedCase) {
  Running running(folder_, {"--suite", "slow", "--out", "run.json"}, {});
  wait_for_the_last();
  ::kill(children_of(running.id()).at(0), SIGKILL);
  EXPECT_EQ(running.end().status, 3);
  EXPECT_EQ(row_of(read_run(folder_ / "run.json"), "/sleep/").reason, "killed by signal 9 (SIGKILL)");
}

TEST_F(Interrupts, ARunFileThatCannotBeWrittenInTheEndLeavesTheRowsInTheJournal) {
  Running running(folder_, {"--suite", "slow", "--out", "run.json"}, {});
  wait_for_the_last();
  std::filesystem::create_directories(folder_ / "run.json" / "in the way");
  ::kill(running.id(), SIGINT);
  const Ended ended = running.end();
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("its rows are in run.json.journal"));
  EXPECT_EQ(row_of(read_run(folder_ / "run.json.journal"), "/ok/").status, Status::ok);
}

TEST(Interrupt, TheSecondSignalEndsTheProcessAtOnce) {
  const auto twice = [](int milliseconds) {
    const Interrupt interrupt;
    std::raise(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    std::raise(SIGINT);
    std::exit(interrupt.wanted() ? 10 : 11);
  };
  EXPECT_EXIT(twice(300), ::testing::ExitedWithCode(3), "");
  EXPECT_EXIT(twice(0), ::testing::ExitedWithCode(10), "");  // one wish, sent to a process and to its group
}

TEST(Interrupt, ASignalThatWasIgnoredStaysIgnored) {
  std::signal(SIGHUP, SIG_IGN);
  {
    const Interrupt interrupt;
    std::raise(SIGHUP);
    EXPECT_FALSE(interrupt.wanted());
  }
  std::signal(SIGHUP, SIG_DFL);
}

}  // namespace
}  // namespace gpubench
