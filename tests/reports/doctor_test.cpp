#include "reports/doctor.hpp"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>

#include "reports/columns.hpp"
#include "reports/schema_problems.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using enum CheckVerdict;

Checks checks_of_each_verdict() {
  return {{.group = "processor", .name = "model", .found = "Intel Xeon"},
          {.group = "clock",
           .name = "governor",
           .found = "powersave",
           .needed = "performance",
           .verdict = warning,
           .advice = "clocks follow the load, so short cases are slower and times scatter: cpupower frequency-set -g "
                     "performance, as root"},
          {.group = "clock", .name = "turbo", .found = "on"},
          {.group = "libraries",
           .name = "oneDNN",
           .found = "missing",
           .needed = "a file that loads",
           .verdict = error,
           .advice = "libdnnl.so.2 not found (searched the system's folders); install libdnnl2"}};
}

DeviceInfo cpu(const std::string& missing = "") {
  return {.id = "cpu",
          .kind = "cpu",
          .libraries = {{.name = "oneDNN", .version = "2.6.3", .path = "/usr/lib/libdnnl.so.2", .missing = missing}}};
}

TEST(Doctor, EachVerdictIsTheGoldenOne) { expect_golden(doctor_text(checks_of_each_verdict()), "doctor.txt"); }

TEST(Doctor, TheLastLineCounts) {
  Checks checks = checks_of_each_verdict();
  EXPECT_THAT(doctor_text(checks), HasSubstr("\n1 error, 1 warning: not everything can run here.\n"));
  checks.pop_back();
  EXPECT_THAT(doctor_text(checks), HasSubstr("\nNo error, 1 warning: cases run"));
  EXPECT_THAT(doctor_text({checks.front()}), HasSubstr("\nNo error, no warning.\n"));
}

TEST(Doctor, TheWorstDecides) {
  EXPECT_EQ(worst_of(checks_of_each_verdict()), error);
  EXPECT_EQ(worst_of({checks_of_each_verdict()[1]}), warning);
  EXPECT_EQ(worst_of({}), ok);
}

TEST(Doctor, LongSentencesAreWrapped) {
  Checks checks = checks_of_each_verdict();
  for (int i = 0; i < 30; ++i) {
    checks[0].found += " and so on";
    checks[1].advice += " and so on";
  }
  const std::string text = doctor_text(checks);
  std::istringstream lines(text);
  int wide = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LE(width_of(line), 110U) << line;
    EXPECT_FALSE(line.ends_with(' ')) << line;
    if (width_of(line) > 95) ++wide;
  }
  EXPECT_GE(wide, 4);  // the width is used
}

TEST(Doctor, JsonFollowsItsSchema) {
  const std::string schema = text_of_file(GPUBENCH_DOCTOR_SCHEMA);
  const Json json = doctor_json(checks_of_each_verdict(), "0.1.0");
  EXPECT_THAT(schema_problems(json, schema), IsEmpty());
  EXPECT_EQ(json["verdict"], "error");
  EXPECT_EQ(json["errors"], 1);
  EXPECT_EQ(json["warnings"], 1);
  EXPECT_EQ(json["checks"][0]["needed"], nullptr);
  EXPECT_EQ(json["checks"][1]["verdict"], "warning");

  Json broken = json;
  broken["checks"][1]["verdict"] = "bad";
  EXPECT_THAT(schema_problems(broken, schema).front(), HasSubstr("/checks/1/verdict"));
  broken = json;
  broken.erase("errors");
  EXPECT_FALSE(schema_problems(broken, schema).empty());
}

TEST(LibraryChecks, VersionAndPathOrTheReason) {
  const Checks there = library_checks({cpu(), cpu()}, {});
  ASSERT_EQ(there.size(), 3U);  // two devices, one library
  EXPECT_EQ(there[0].name, "device cpu");
  EXPECT_EQ(there[2].found, "2.6.3 (/usr/lib/libdnnl.so.2)");
  EXPECT_EQ(there[2].verdict, ok);
  const Checks missing = library_checks({cpu("libdnnl.so.2 not found; install libdnnl2")}, {});
  EXPECT_EQ(missing[1].verdict, error);
  EXPECT_THAT(missing[1].advice, HasSubstr("install libdnnl2"));
}

TEST(LibraryChecks, AMachineWithoutAGpuIsWellOneWithoutItsCpuIsNot) {
  const Checks no_gpu = library_checks({cpu()}, {"cuda13: no NVIDIA driver"});
  EXPECT_EQ(no_gpu[2].name, "back-end cuda13");
  EXPECT_EQ(no_gpu[2].found, "no device: no NVIDIA driver");
  EXPECT_EQ(no_gpu[2].verdict, ok);
  EXPECT_EQ(library_checks({}, {"cuda13: no NVIDIA driver"})[0].verdict, error);
  const Checks no_cpu = library_checks({DeviceInfo{.id = "cuda:0", .kind = "cuda"}}, {"cpu: not built"});
  EXPECT_EQ(no_cpu[1].verdict, error);
  EXPECT_THAT(no_cpu[1].advice, HasSubstr("libgpubench_cpu.so"));
  EXPECT_EQ(library_checks({}, {})[0].verdict, error);
}

TEST(SuiteChecks, SayHowManyCasesRunAndWhyNotTheOthers) {
  const Checks checks = suite_checks({{"amp", 4, {"no TF32", "no FP16", "no TF32"}}}, false);
  EXPECT_EQ(checks[0].found, "1 of 4 cases run (no TF32; no FP16)");
  EXPECT_EQ(checks[0].verdict, ok);
}

TEST(SuiteChecks, NothingToRunIsAFaultOnlyWhereSomethingIsMissing) {
  const SuiteCases runs{"amp", 2, {"no TF32"}}, does_not{"nvlink", 1, {"needs two GPUs"}};
  const Checks other_machine = suite_checks({runs, does_not}, false);
  EXPECT_EQ(other_machine[1].verdict, ok);
  EXPECT_EQ(other_machine[1].found, "0 of 1 cases run (needs two GPUs)");
  const Checks missing = suite_checks({runs, does_not}, true);
  EXPECT_EQ(missing[1].verdict, warning);
  EXPECT_EQ(missing[1].advice, "needs two GPUs");
  EXPECT_EQ(missing[0].verdict, ok);
  EXPECT_EQ(suite_checks({does_not}, false)[0].verdict, error);
}

}  // namespace
}  // namespace gpubench
