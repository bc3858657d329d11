#include "reports/run_file.hpp"

#include <algorithm>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"
#include "tests/reports/limited_process.hpp"

namespace gpubench {
namespace {

/// What read_run says about a file that holds `text`, without the folder.
std::string complaint_about(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder / "x.json", text);
  try {
    read_run(folder / "x.json");
  } catch (const UsageError& error) {
    const std::string what = error.what();
    return what.substr(what.find("x.json"));
  }
  return "nothing";
}

TEST(RunFile, WhatIsWrittenIsRead) {
  const TemporaryFolder folder;
  write_run(example::two_modes(), folder / "run.json");
  EXPECT_EQ(to_json(read_run(folder / "run.json")), to_json(example::two_modes()));
  EXPECT_FALSE(std::filesystem::exists(folder / "run.json.tmp"));
}

TEST(RunFile, ARowIsALine) {
  const std::string text = text_of_run_file(example::two_modes());
  EXPECT_NE(text.find("\n    {\"name\":\"train/resnet50/fp32/b16/d1/onednn\","), std::string::npos);
  EXPECT_EQ(Json::parse(text), to_json(example::two_modes()));
  EXPECT_EQ(Json::parse(text_of_run_file(gpubench::Run{}))["benchmarks"].size(), 0);
}

TEST(RunFile, TwoRunsAreTheGoldenOnes) {
  expect_golden(text_of_run_file(example::launches(3, 1)), "run_a.json");
  expect_golden(text_of_run_file(example::launches(3, 1.1)), "run_b.json");
}

TEST(RunFile, AnExistingFileIsReplacedAndWhatAKilledRunLeftIsCleaned) {
  const TemporaryFolder folder;
  write_file(folder / "run.json", "old");
  write_file(folder / "run.json.tmp", "half a fi");
  write_run(example::two_modes(), folder / "run.json");
  EXPECT_EQ(read_run(folder / "run.json").results.size(), 4);
  EXPECT_FALSE(std::filesystem::exists(folder / "run.json.tmp"));
}

TEST(RunFile, ASymbolicLinkStaysOne) {
  const TemporaryFolder folder;
  write_file(folder / "real.json", "old");
  std::filesystem::create_symlink("real.json", folder / "run.json");
  write_run(example::two_modes(), folder / "run.json");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "run.json"));
  EXPECT_EQ(read_run(folder / "real.json").results.size(), 4);
}

TEST(RunFile, ADeviceIsWrittenToAndNotReplaced) {
  write_run(example::two_modes(), "/dev/null");
  struct stat status {};
  ASSERT_EQ(stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

TEST(RunFile, WhatIsNoUtf8IsWrittenAsSomethingThatIs) {
  const TemporaryFolder folder;
  gpubench::Run run = example::two_modes();
  run.context.command_line.emplace_back("--out=\xff.json");
  write_run(run, folder / "run.json");
  EXPECT_EQ(read_run(folder / "run.json").context.command_line.back(), "--out=\xef\xbf\xbd.json");
}

TEST(RunFile, AFullDiskIsASentenceAndTheOldFileStays) {
  const TemporaryFolder folder;
  write_file(folder / "run.json", "old");
  const std::string said = in_process_limited_to(4096, [&folder] {
    write_run(example::two_modes(), folder / "run.json");
    return std::string("written");
  });
  EXPECT_EQ(said, "thrown: " + (folder / "run.json").string() + ": cannot write the run file: File too large");
  EXPECT_EQ(text_of_file(folder / "run.json"), "old");
  EXPECT_FALSE(std::filesystem::exists(folder / "run.json.tmp"));
}

TEST(RunFile, AFullDeviceIsASentence) {
  try {
    write_run(example::two_modes(), "/dev/full");
    FAIL() << "written to /dev/full";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "/dev/full: cannot write the run file: No space left on device");
  }
}

TEST(RunFile, AFolderThatIsNotThereIsASentence) {
  const TemporaryFolder folder;
  EXPECT_THROW(write_run(example::two_modes(), folder / "no/run.json"), UsageError);
  EXPECT_THROW(write_run(example::two_modes(), folder / "."), UsageError);
  EXPECT_THROW(read_run(folder / "run.json"), UsageError);
  EXPECT_THROW(read_run(folder / "."), UsageError);
}

TEST(RunFile, TheDefaultNameSaysWhereAndWhen) {
  EXPECT_EQ(default_run_file(example::context()), "gpubench-node7-20261120T193000Z.json");
}

TEST(ReadRun, AnEmptyFileIsSaidToBeEmpty) {
  EXPECT_EQ(complaint_about(""), "x.json: empty, expected a gpubench run file");
  EXPECT_EQ(complaint_about("\n \n"), "x.json: empty, expected a gpubench run file");
}

TEST(ReadRun, ATruncatedFileIsRefusedWithItsPosition) {
  const std::string text = text_of_run_file(example::two_modes());
  const std::string said = complaint_about(text.substr(0, text.find("\"real_time\"") + 4));
  const auto lines =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find("\"real_time\"")), '\n');
  EXPECT_TRUE(said.starts_with("x.json: line " + std::to_string(lines + 1) + ", column ")) << said;
  EXPECT_NE(said.find("not JSON: "), std::string::npos) << said;
}

TEST(ReadRun, ASlipIsRefusedWithItsPositionAndWhatWasExpected) {
  const std::string said = complaint_about("{\n  \"context\": {},\n  \"benchmarks\" []\n}\n");
  EXPECT_TRUE(said.starts_with("x.json: line 3, column 16: not JSON: ")) << said;
  EXPECT_NE(said.find("expected ':'"), std::string::npos) << said;
}

TEST(ReadRun, AnotherToolsFileIsToldFromOurs) {
  const std::string theirs =
      "x.json: no context.gpubench: not a gpubench run file; gpubench import reads other tools' files";
  EXPECT_EQ(complaint_about(R"({"context": {"date": "2026"}, "benchmarks": []})"), theirs);
  EXPECT_EQ(complaint_about(R"({"benchmarks": []})"), theirs);
  EXPECT_EQ(complaint_about("[1, 2]"), theirs);
  EXPECT_EQ(complaint_about("5"), theirs);
  EXPECT_EQ(complaint_about(R"({"context": 5})"), theirs);
}

TEST(ReadRun, AValueOfAnotherTypeIsNamed) {
  Json json = to_json(example::two_modes());
  json["benchmarks"][2]["gpubench"]["labels"] = "none";
  EXPECT_EQ(complaint_about(json.dump()), "x.json: /benchmarks/2/gpubench/labels: expected an array, found text");
}

}  // namespace
}  // namespace gpubench
