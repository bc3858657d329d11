#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/harness/app/end_to_end.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

/// The check of that name in what `doctor --json` printed.
nlohmann::json check_of(const Ended& ended, const std::string& name) {
  const auto json = nlohmann::json::parse(ended.out, nullptr, false);
  EXPECT_FALSE(json.is_discarded()) << ended.out << ended.err;
  for (const auto& check : json.is_object() ? json.at("checks") : nlohmann::json::array())
    if (check.at("name") == name) return check;
  ADD_FAILURE() << "no check " << name << " in " << ended.out;
  return {{"verdict", ""}, {"found", ""}, {"advice", ""}};
}

class Doctor : public EndToEnd {};

TEST_F(Doctor, AMachineThatRunsSomethingIsWell) {
  const Ended ended = run({"doctor"});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  for (const char* group :
       {"processor\n", "\nvariables\n", "\nclock\n", "\nmemory\n", "\nlibraries\n", "\nsuites\n", "\nneighbours\n"})
    EXPECT_THAT(ended.out, HasSubstr(group));
  EXPECT_THAT(ended.out, HasSubstr("good"));
  EXPECT_EQ(ended.err, "");
}

TEST_F(Doctor, JsonTellsTheSame) {
  const Ended ended = run({"doctor", "--json"}, {{"FAKE_BACKENDS", "missing,fake"}, {"ONEDNN_MAX_CPU_ISA", "AVX2"}});
  EXPECT_EQ(ended.status, 0) << ended.out;
  EXPECT_EQ(check_of(ended, "back-end missing").at("found"), "no device: not built");
  EXPECT_EQ(check_of(ended, "good").at("found"), "5 of 5 cases run");
  EXPECT_EQ(check_of(ended, "none").at("verdict"), "ok");
  EXPECT_EQ(check_of(ended, "ONEDNN_MAX_CPU_ISA").at("verdict"), "warning");
  EXPECT_EQ(check_of(ended, "model").at("needed"), nullptr);
}

TEST_F(Doctor, WithoutAnyDeviceItIsAnErrorThatSaysWhy) {
  const Ended ended = run({"doctor", "--json"}, {{"FAKE_DEVICES", "0"}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_EQ(check_of(ended, "back-end fake").at("verdict"), "error");
  EXPECT_THAT(check_of(ended, "back-end fake").at("found"), HasSubstr("no fake today"));
  EXPECT_EQ(check_of(ended, "good").at("verdict"), "error");
}

TEST_F(Doctor, SurroundingsThatARunWouldRefuseAreFindings) {
  const Ended ended = run({"doctor", "--json"}, {{"OMP_NUM_THREADS", "two"}});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(check_of(ended, "devices").at("advice"), HasSubstr("OMP_NUM_THREADS is 'two'"));
  EXPECT_EQ(check_of(ended, "total").at("verdict"), "ok");  // the rest is looked at all the same
}

TEST_F(Doctor, GpusAreReadUnderLoadAndJudged) {
  const Ended ended = run({"doctor", "--json"}, {{"FAKE_GPUS", "1"}});
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  EXPECT_EQ(check_of(ended, "PCIe").at("group"), "gpu 0");
  EXPECT_EQ(check_of(ended, "PCIe").at("found"), "gen4 x8 under load");
  EXPECT_EQ(check_of(ended, "PCIe").at("verdict"), "warning");
  EXPECT_THAT(std::string(check_of(ended, "plug-in").at("found")), HasSubstr("CUDA 13.0"));
  EXPECT_EQ(check_of(ended, "other processes").at("found"), "pid 4711");  // and not the worker itself
  EXPECT_FALSE(check_of(ended, "shared memory").at("found").empty());
  EXPECT_EQ(check_of(ended, "visible GPUs").at("found"), "1 of 1");
  EXPECT_THAT(run({"doctor"}, {{"FAKE_GPUS", "1"}}).out, HasSubstr("\ngpu software\n"));
}

TEST_F(Doctor, GpusThatCannotBeKeptBusyAreReadIdle) {
  const Ended ended = run({"doctor", "--json"}, {{"FAKE_GPUS", "broken"}});
  EXPECT_EQ(check_of(ended, "PCIe").at("found"), "gen1 x16 while idle, can do gen5 x16");
}

TEST_F(Doctor, OfSeveralBackEndsTheOneWithDevicesTellsOfGpus) {
  const auto teller = [&](Environment environment) {
    environment.insert({{"FAKE_GPUS", "1"}, {"FAKE_BACKENDS", "fake2,fake"}});
    return std::string(check_of(run({"doctor", "--json"}, environment), "plug-in").at("found"));
  };
  EXPECT_THAT(teller({}), ::testing::StartsWith("fake2,"));
  EXPECT_THAT(teller({{"FAKE_ABSENT", "fake2"}}), ::testing::StartsWith("fake,"));
  EXPECT_THAT(teller({{"FAKE_DEVICES", "0"}}), ::testing::StartsWith("fake2,"));
}

TEST_F(Doctor, CalledWronglyItSaysHow) {
  EXPECT_EQ(run({"doctor", "--fast"}).status, 2);
  EXPECT_THAT(run({"doctor", "--fast"}).err, HasSubstr("gpubench doctor --help"));
  EXPECT_THAT(run({"doctor", "--help"}).out, HasSubstr("Example"));
}

}  // namespace
}  // namespace gpubench
