#include "reports/journal.hpp"

#include <algorithm>
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/limited_process.hpp"

namespace gpubench {
namespace {

/// A journal with two rows, as a run that was killed leaves it.
std::string left_behind(const TemporaryFolder& folder) {
  std::string why_not;
  Journal journal(folder / "run.json", example::context());
  EXPECT_TRUE(journal.append(example::trained("amp-bf16", 0.8), why_not)) << why_not;
  EXPECT_TRUE(journal.append(example::trained("amp-bf16", 0.779), why_not)) << why_not;
  return text_of_file(journal.path());
}

TEST(Journal, KeepsEveryRowAsItIsWritten) {
  const TemporaryFolder folder;
  const std::string text = left_behind(folder);
  EXPECT_EQ(std::ranges::count(text, '\n'), 3);
  const gpubench::Run run = read_run(folder / "run.json.journal");
  EXPECT_FALSE(run.complete);
  EXPECT_EQ(run.context.digest, example::context().digest);
  ASSERT_EQ(run.results.size(), 2);
  EXPECT_EQ(to_json(run.results[1]), to_json(example::trained("amp-bf16", 0.779)));
}

TEST(Journal, GoesWhenTheRunFileIsComplete) {
  const TemporaryFolder folder;
  Journal journal(folder / "run.json", example::context());
  EXPECT_TRUE(std::filesystem::exists(journal.path()));
  journal.done();
  journal.done();
  EXPECT_FALSE(std::filesystem::exists(journal.path()));
}

TEST(Journal, ARunThatIsKilledLosesNothingThatWasFinished) {
  const TemporaryFolder folder;
  const pid_t process = fork();
  if (process == 0) {
    left_behind(folder);
    Journal journal(folder / "second.json", example::context());
    std::string why_not;
    journal.append(example::trained("fp32", 1.571), why_not);
    raise(SIGKILL);
  }
  int status = 0;
  waitpid(process, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(read_run(folder / "second.json.journal").results.size(), 1);
}

TEST(Journal, ALastLineCutShortIsDropped) {
  const TemporaryFolder folder;
  const std::string text = left_behind(folder);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{2}, std::size_t{200}, text.size()}) {
    const std::size_t third_line = text.find('\n', text.find('\n') + 1) + 1;
    const std::size_t size = std::max(third_line + 1, text.size() - std::min(cut, text.size()));
    write_file(folder / "cut.journal", text.substr(0, size));
    // Without its line feed only, the row is still whole.
    EXPECT_EQ(read_run(folder / "cut.journal").results.size(), cut == 1 ? 2 : 1) << cut;
  }
}

TEST(Journal, WithoutAnyRowIsARunOfNothing) {
  const TemporaryFolder folder;
  const std::string text = left_behind(folder);
  for (const std::size_t beyond : {std::size_t{0}, std::size_t{1}}) {
    write_file(folder / "x.journal", text.substr(0, text.find('\n') + beyond));
    EXPECT_EQ(read_run(folder / "x.journal").results.size(), 0);
    EXPECT_FALSE(read_run(folder / "x.journal").complete);
  }
}

TEST(Journal, ALineThatIsNoRowInTheMiddleIsRefusedWithItsPosition) {
  const TemporaryFolder folder;
  std::string text = left_behind(folder);
  text.insert(text.find('\n') + 1, "{\"name\": \"a\n");
  write_file(folder / "x.journal", text);
  try {
    read_run(folder / "x.journal");
    FAIL() << "read";
  } catch (const UsageError& error) {
    EXPECT_NE(std::string(error.what()).find("x.journal: line 2, column 1"), std::string::npos) << error.what();
  }
}

TEST(Journal, OfAnEarlierRunIsPutAsideNotOverwritten) {
  const TemporaryFolder folder;
  left_behind(folder);
  const Journal journal(folder / "run.json", example::context());
  EXPECT_EQ(read_run(folder / "run.json.journal").results.size(), 0);
  EXPECT_EQ(read_run(folder / "run.json.journal.old").results.size(), 2);
}

TEST(Journal, OfARunThatGoesOnIsLeftAlone) {
  const TemporaryFolder folder;
  Journal journal(folder / "run.json", example::context());
  std::string why_not;
  EXPECT_TRUE(journal.append(example::trained("fp32", 1), why_not));
  EXPECT_THROW(Journal(folder / "run.json", example::context()), UsageError);
  EXPECT_EQ(read_run(journal.path()).results.size(), 1);
}

TEST(Journal, AFolderThatIsNotThereIsFoundOutBeforeTheRun) {
  const TemporaryFolder folder;
  EXPECT_THROW(Journal(folder / "no/run.json", example::context()), UsageError);
}

TEST(Journal, AFullDiskIsFoundOutBeforeTheRun) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "run.json.journal");
  try {
    const Journal journal(folder / "run.json", example::context());
    FAIL() << "written";
  } catch (const UsageError& error) {
    EXPECT_EQ(std::string(error.what()),
              (folder / "run.json.journal").string() + ": cannot write the journal: No space left on device");
  }
}

TEST(Journal, ADiskThatFillsUpLosesOnlyTheRowsThatDoNotFit) {
  const TemporaryFolder folder;
  const std::string text = left_behind(folder);  // two rows fit, the third only as far as its last byte
  const std::size_t row = text.size() - text.rfind('\n', text.size() - 2) - 1;
  const std::string said = in_process_limited_to(text.size() + row - 1, [&folder] {
    Journal journal(folder / "full.json", example::context());
    std::string why_not, said;
    for (int i = 0; i < 3; ++i) journal.append(example::trained("amp-bf16", 0.779), why_not);
    said = why_not;
    journal.append(example::without_time("tf32", Status::unsupported, "a short row still fits"), why_not);
    return said;
  });
  EXPECT_EQ(
      said,
      (folder / "full.json.journal").string() + ": cannot keep train/resnet50/amp-bf16/b16/d1/onednn: File too large");
  const gpubench::Run run = read_run(folder / "full.json.journal");
  ASSERT_EQ(run.results.size(), 3);
  EXPECT_EQ(run.results.back().reason, "a short row still fits");
}

}  // namespace
}  // namespace gpubench
