#include "reports/history/versions.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/history/history.hpp"
#include "reports/history/nights.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/history/example_nights.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using Access = History::Access;

std::string complaint(const std::filesystem::path& path, Access access) {
  try {
    History(path, access);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

/// A file as version 1 of the schema left it, with a night in it.
void write_version_1(const std::filesystem::path& path) {
  const Database database(path, Database::Access::write);
  database.run(history_schema_1());
  database.run("PRAGMA user_version = 1; PRAGMA application_id = 0x67706268");
  database.run(
      "INSERT INTO run VALUES (1, 'one', 'node-h', '2026-10-01T02:00:00Z', 1, 'aa', 'old.json', '{}');"
      "INSERT INTO series VALUES (1, 'gemm/bf16/x/cublaslt', 1, 'node-h', 'h100_sxm5_80gb', 'GPU-h0', '', '700 W', "
      "'as found', 'flops_per_second', '{}');"
      "INSERT INTO conditions VALUES (1, '{\"driver\":\"570\"}');"
      "INSERT INTO launch VALUES (1, 1, 0, 'cuda:0', 'ok', '', NULL, NULL, 6e14, 1, '{}');");
}

TEST(HistoryVersions, AnOlderFileIsBroughtUpToDateAndLosesNothing) {
  const TemporaryFolder folder;
  write_version_1(folder / "old.db");
  History(folder / "old.db", Access::write).add(example::night_run(0), "new.json");
  const Archive archive = History(folder / "old.db", Access::read).read({});
  ASSERT_EQ(archive.runs.size(), 2U);
  EXPECT_EQ(archive.runs[0].identity, "one");
  EXPECT_TRUE(archive.runs[0].night);
  ASSERT_EQ(archive.runs[0].launches.size(), 1U);
  EXPECT_EQ(archive.runs[0].launches[0].value, 6e14);
  EXPECT_FALSE(archive.runs[0].launches[0].readings.watts);
  EXPECT_EQ(Database(folder / "old.db", Database::Access::read).number("PRAGMA user_version"), 3);
}

TEST(HistoryVersions, WhoeverOnlyReadsChangesNoOlderFile) {
  const TemporaryFolder folder;
  write_version_1(folder / "old.db");
  Database(folder / "old.db", Database::Access::write).run("UPDATE series SET figure = ''");
  const std::string before = text_of_file(folder / "old.db");
  const Archive archive = History(folder / "old.db", Access::read).read({});
  EXPECT_EQ(archive.runs.at(0).launches.at(0).value, 6e14);
  EXPECT_EQ(archive.series.at(0).figure, "seconds");  // what an empty one meant then
  EXPECT_EQ(text_of_file(folder / "old.db"), before);
  History(folder / "old.db", Access::change);
  EXPECT_NE(text_of_file(folder / "old.db"), before);
}

TEST(HistoryVersions, ANewerFileIsRefusedAndNotTouched) {
  const TemporaryFolder folder;
  History(folder / "new.db", Access::write).add(example::night_run(0), "a.json");
  Database(folder / "new.db", Database::Access::write).run("PRAGMA user_version = 99");
  const std::string before = text_of_file(folder / "new.db");
  for (const Access access : {Access::read, Access::write})
    EXPECT_THAT(complaint(folder / "new.db", access),
                HasSubstr("new.db: written by a newer gpubench (version 99 of the file, this one knows 3)"));
  EXPECT_EQ(text_of_file(folder / "new.db"), before);
}

TEST(HistoryVersions, OtherFilesAreRefusedAndNotTouched) {
  const TemporaryFolder folder;
  write_file(folder / "notes.txt", std::string(5000, 'x'));
  EXPECT_THAT(complaint(folder / "notes.txt", Access::write),
              HasSubstr("notes.txt: not a history: no SQLite database"));
  EXPECT_EQ(text_of_file(folder / "notes.txt"), std::string(5000, 'x'));

  Database(folder / "songs.db", Database::Access::write).run("CREATE TABLE song (name TEXT)");
  EXPECT_THAT(complaint(folder / "songs.db", Access::write),
              HasSubstr("songs.db: an SQLite database of another program"));
  EXPECT_EQ(Database(folder / "songs.db", Database::Access::read).number("SELECT count(*) FROM sqlite_schema"), 1);

  std::filesystem::create_directory(folder / "nights");
  EXPECT_THAT(complaint(folder / "nights", Access::write), HasSubstr("nights: a folder; a history is a file"));
  for (const Access access : {Access::read, Access::change})
    EXPECT_THAT(complaint(folder / "gone.db", access), HasSubstr("gone.db: no such file; gpubench history add"));
  EXPECT_FALSE(std::filesystem::exists(folder / "gone.db"));
  EXPECT_THAT(complaint(folder / "no" / "gone.db", Access::write), HasSubstr("cannot be opened: look at its folder"));
  write_file(folder / "empty.db", "");
  EXPECT_THAT(complaint(folder / "empty.db", Access::read), HasSubstr("empty.db: empty, no history"));
}

TEST(HistoryVersions, ADamagedFileIsNamed) {
  const TemporaryFolder folder;
  {
    History history(folder / "nights.db", Access::write);
    for (int day = 0; day < 4; ++day) history.add(example::night_run(day), "a.json");
  }
  std::string bytes = text_of_file(folder / "nights.db");
  for (std::size_t at = 4096; at < bytes.size(); ++at) bytes[at] = static_cast<char>(at * 7);
  write_file(folder / "nights.db", bytes);
  try {
    (void)History(folder / "nights.db", Access::read).read({});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("nights.db: damaged"));
  }
}

/// What `what` says in a process of a user who owns nothing; root may write anywhere.
template <class What>
std::string as_nobody(const What& what) {
  int ends[2] = {};
  if (pipe(ends) != 0) return "no pipe";
  const pid_t process = fork();
  if (process == 0) {
    std::string said = geteuid() != 0 || setuid(65534) == 0 ? "" : "cannot become nobody";
    try {
      if (said.empty()) said = what();
    } catch (const std::exception& error) {
      said = error.what();
    }
    (void)!write(ends[1], said.data(), said.size());
    _exit(0);
  }
  close(ends[1]);
  std::string said(4096, '\0');
  const ssize_t got = read(ends[0], said.data(), said.size());
  close(ends[0]);
  waitpid(process, nullptr, 0);
  said.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return said;
}

TEST(HistoryVersions, AReadOnlyFileIsReadAndNotWritten) {
  namespace fs = std::filesystem;
  const TemporaryFolder folder;
  const fs::path path = folder / "nights.db";
  History(path, Access::write).add(example::night_run(0), "a.json");
  fs::permissions(path, fs::perms(0444));
  fs::permissions(path.parent_path(), fs::perms(0755));
  const std::string before = text_of_file(path);
  const auto add = [&]() -> std::string {
    History(path, Access::write).add(example::night_run(1), "b.json");
    return "added";
  };
  EXPECT_THAT(as_nobody(add), HasSubstr("nights.db: cannot be written: it, or its folder, is read-only"));
  EXPECT_EQ(as_nobody([&] { return std::to_string(History(path, Access::read).read({}).runs.size()); }), "1");
  EXPECT_EQ(text_of_file(path), before);
}

}  // namespace
}  // namespace gpubench
