#include "harness/app/arm.hpp"

#include <chrono>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class ArmOf : public EndToEnd {
 protected:
  ArmAnswer run(const std::string& command, std::chrono::duration<double> longest = 60s) {
    said_.clear();
    return run_arm(
        {.name = "--pinned", .command = command}, cases_, 7, longest, [this](std::string_view text) { said_ += text; });
  }
  std::string complaint(const std::string& command, std::chrono::duration<double> longest = 60s) {
    try {
      run(command, longest);
    } catch (const UsageError& error) {
      return error.what();
    }
    return "none";
  }
  std::string script(const std::string& text) const {
    std::ofstream(folder_ / "arm.sh") << "#!/bin/sh\n" << text << "\n";
    std::filesystem::permissions(folder_ / "arm.sh", std::filesystem::perms(0755));
    return (folder_ / "arm.sh").string();
  }

  std::vector<std::string> cases_{"fake/fp32/ok/n1/faker", "fake/fp32/ok/n2/faker"};
  std::string said_{};
};

TEST_F(ArmOf, TheProgramItselfIsOne) {
  const ArmAnswer answer = run(GPUBENCH_FAKE_PROGRAM);
  EXPECT_EQ(answer.status, 0);
  ASSERT_EQ(answer.run.results.size(), 2U);
  EXPECT_EQ(answer.run.results[0].run_name, "fake/fp32/ok/n1/faker");
  EXPECT_EQ(answer.run.context.seed, 7U);
  EXPECT_THAT(said_, HasSubstr("ran 2, unsupported 0, failed 0"));  // the table, which is not the run file
}

TEST_F(ArmOf, IsGivenNamesAndArgumentsAsPromised) {
  const std::string dump = (folder_ / "dump").string();
  (void)complaint(script("echo \"$@\" > " + dump + "; cat >> " + dump));
  EXPECT_EQ(text_of_file(dump), "run --cases-from - --seed 7 --out -\nfake/fp32/ok/n1/faker\nfake/fp32/ok/n2/faker\n");
}

TEST_F(ArmOf, TheShellUnderstandsTheCommand) {
  std::filesystem::create_directory(folder_ / "a folder");
  std::filesystem::rename(script("echo \"$WHICH\" >&2; exit 9"), folder_ / "a folder/arm.sh");
  EXPECT_THAT(complaint("WHICH=this '" + (folder_ / "a folder/arm.sh").string() + "'"),
              HasSubstr("wrote no run file to its standard output, and exited with status 9; it said: this"));
}

TEST_F(ArmOf, EachWayToFailHasItsSentence) {
  EXPECT_THAT(complaint("/nowhere/gpubench"), HasSubstr("--pinned /nowhere/gpubench: cannot be started"));
  EXPECT_THAT(complaint(script("kill -9 $$")), HasSubstr("killed by signal 9 (SIGKILL)"));
  EXPECT_THAT(complaint(script("echo {}; exit 0")), HasSubstr("no run file of this version"));
  EXPECT_THAT(complaint(script("echo Segmentation fault; exit 1")), HasSubstr("not JSON"));
  EXPECT_THAT(complaint(script("sleep 30"), 200ms), HasSubstr("took longer than 200 ms"));
}

TEST_F(ArmOf, ARunFileOfAnotherVersionIsNamed) {
  measured({"--suite", "good"}, 0);
  std::string text = text_of_file(folder_ / "run.json");
  text.replace(text.find("\"schema\": 1"), 11, "\"schema\": 2");
  std::ofstream(folder_ / "newer.json") << text;
  EXPECT_THAT(complaint(script("cat " + (folder_ / "newer.json").string())),
              HasSubstr("schema: version 2, this gpubench reads version 1"));
}

TEST_F(ArmOf, AFailedCaseIsAnAnswer) {
  cases_ = {"fake/fp32/throw/n3/faker"};
  EXPECT_THAT(complaint(GPUBENCH_FAKE_PROGRAM), Not(HasSubstr("took longer")));
}

TEST_F(ArmOf, WhatItLeavesBehindIsEnded) {
  const auto start = std::chrono::steady_clock::now();
  const std::string id = (folder_ / "id").string();
  (void)complaint(script("sleep 60 & echo $! > " + id + "; exit 3"));
  EXPECT_LT(std::chrono::steady_clock::now() - start, 20s);
  const auto left = static_cast<pid_t>(std::stol(text_of_file(id)));
  EXPECT_TRUE(comes_true([&] { return !is_alive(left); }));
}

TEST_F(ArmOf, ALongListNobodyReadsHoldsNothingUp) {
  cases_.assign(100'000, "fake/fp32/ok/n1/faker");
  EXPECT_THAT(complaint("true"), HasSubstr("wrote no run file"));
}

}  // namespace
}  // namespace gpubench
