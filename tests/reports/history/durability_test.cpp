#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/history/history.hpp"
#include "reports/history/nights.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/example_nights.hpp"
#include "tests/reports/limited_process.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using Access = History::Access;

/// A process of its own that adds these nights, a transaction each. @returns its id
pid_t start_adding(const std::filesystem::path& path, int from, int nights, const std::string& node = "node-h") {
  const pid_t process = fork();
  if (process != 0) return process;
  try {
    for (int day = from; day < from + nights; ++day) {
      gpubench::Run run = example::night_run(day);
      run.context.host.name = node;
      History(path, Access::write).add(run, fmt::format("{}.json", day));
    }
  } catch (const std::exception& error) {
    (void)!write(STDERR_FILENO, error.what(), std::string_view(error.what()).size());
    _exit(1);
  }
  _exit(0);
}

int status_of(pid_t process) {
  int status = 0;
  waitpid(process, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string integrity(const std::filesystem::path& path) {
  const Database database(path, Database::Access::read);
  Statement check = database.prepare("PRAGMA integrity_check");
  check.step();
  Statement keys = database.prepare("PRAGMA foreign_key_check");
  return keys.step() ? "a reference to nothing" : check.text(0);
}

/// Each run of the file whole: eight launches, as it was added.
void expect_whole_runs(const std::filesystem::path& path) {
  EXPECT_EQ(integrity(path), "ok");
  for (const KeptRun& run : History(path, Access::read).read({}).runs) EXPECT_EQ(run.launches.size(), 8U) << run.start;
}

TEST(HistoryDurability, TwoWritersAtOnceLoseNothing) {
  const TemporaryFolder folder;
  const auto path = folder / "nights.db";  // which of them makes it is not known either
  const pid_t one = start_adding(path, 0, 20), other = start_adding(path, 0, 20, "node-i");
  EXPECT_EQ(status_of(one), 0);
  EXPECT_EQ(status_of(other), 0);
  EXPECT_EQ(History(path, Access::read).counts().runs, 40);
  EXPECT_EQ(nights_of(History(path, Access::read).read({})).size(), 40U);
  expect_whole_runs(path);
}

/// Runs in the file; 0 while there is none to be read.
std::int64_t runs_in(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) || std::filesystem::file_size(path, ignored) == 0) return 0;
  return History(path, Access::write).counts().runs;
}

TEST(HistoryDurability, AWriterThatIsKilledLosesNothingThatWasAdded) {
  const TemporaryFolder folder;
  const auto path = folder / "nights.db";
  std::int64_t before = 0;
  int killed = 0;
  for (int attempt = 0; attempt < 25; ++attempt) {
    const pid_t writer = start_adding(path, attempt * 1000, 1000);
    // The first ones while the file is made, the others in the midst of adding, each at another moment of it.
    for (int i = 0; attempt >= 8 && i < 2000 && runs_in(path) < before + 2; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    std::this_thread::sleep_for(std::chrono::microseconds(attempt < 8 ? 1000 + 1500 * attempt : 370 * attempt));
    kill(writer, SIGKILL);
    killed += status_of(writer) == -SIGKILL ? 1 : 0;
    const std::int64_t now = runs_in(path);
    EXPECT_GE(now, before);
    before = now;
    if (now > 0) {
      EXPECT_EQ(integrity(path), "ok");
    }
  }
  EXPECT_EQ(killed, 25);
  EXPECT_GT(before, 30);
  expect_whole_runs(path);
}

TEST(HistoryDurability, AFullDiskLosesNothingThatWasAdded) {
  const TemporaryFolder folder;
  const auto path = folder / "nights.db";
  History(path, Access::write).add(example::night_run(0), "0.json");
  const auto size = std::filesystem::file_size(path);
  const std::string said = in_process_limited_to(size + 20'000, [&]() -> std::string {
    History history(path, Access::write);
    for (int day = 1; day < 1000; ++day) history.add(example::night_run(day), "more.json");
    return "no end of room";
  });
  EXPECT_THAT(said, HasSubstr("nights.db: the disk"));
  EXPECT_THAT(said, HasSubstr("what the file held is still there"));
  const std::int64_t runs = History(path, Access::read).counts().runs;
  EXPECT_GT(runs, 1);
  EXPECT_LT(runs, 100);
  expect_whole_runs(path);
  History(path, Access::write).add(example::night_run(2000), "later.json");
  EXPECT_EQ(History(path, Access::read).counts().runs, runs + 1);
}

TEST(HistoryDurability, AReaderSeesOneStateWhileOthersWrite) {
  const TemporaryFolder folder;
  const auto path = folder / "nights.db";
  History(path, Access::write).add(example::night_run(0), "0.json");
  const pid_t writer = start_adding(path, 1, 30);
  for (int i = 0; i < 30; ++i)
    for (const KeptRun& run : History(path, Access::read).read({}).runs) ASSERT_EQ(run.launches.size(), 8U);
  EXPECT_EQ(status_of(writer), 0);
  EXPECT_EQ(History(path, Access::read).counts().runs, 31);
}

}  // namespace
}  // namespace gpubench
