#include <limits>

#include <gmock/gmock.h>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/validate.hpp"
#include "tests/reports/example_gpus.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Json json_of(const GpuNode& node) { return to_json(std::optional(node)); }

TEST(GpuJson, EveryFieldSurvives) {
  const GpuNode read = *gpu_node_from_json(json_of(example::every_field()));
  EXPECT_EQ(json_of(read), json_of(example::every_field()));
  ASSERT_EQ(read.gpus.size(), 2U);
  const Gpu& gpu = read.gpus[0];
  EXPECT_EQ(gpu.pci, "00000000:3B:00.0");
  EXPECT_EQ(gpu.sm_clock_application, 1400e6);
  EXPECT_EQ(gpu.ecc_corrected, 5'000'000'000);
  EXPECT_EQ(gpu.ecc_pending, false);
  EXPECT_EQ(gpu.mig_devices.at(1), "MIG-b");
  EXPECT_EQ(gpu.pcie.replays, 7);
  EXPECT_EQ(gpu.links.at(2).errors.at("crc_flit"), 8);
  EXPECT_EQ(gpu.links.at(17).remote, "switch");
  EXPECT_EQ(gpu.processes->at(0).pid, 4711);
  EXPECT_EQ(read.libraries.at(0).missing, "gone");
}

TEST(GpuJson, NothingIsWrittenThatIsTheSameForAllGpus) {
  // A field that is forgotten would be equal in a GPU that tells everything and in one that tells nothing.
  const Json json = json_of(example::every_field());
  for (const auto& [key, value] : json["gpus"][0].items()) EXPECT_NE(value, json["gpus"][1][key]) << key;
}

TEST(GpuJson, WhatIsNotToldIsNullAndStaysSo) {
  const Json json = json_of(example::every_field());
  EXPECT_TRUE(json["gpus"][1]["numa_node"].is_null());
  EXPECT_TRUE(json["gpus"][1]["processes"].is_null());
  const Gpu read = gpu_node_from_json(json)->gpus.at(1);
  EXPECT_EQ(read.ecc, std::nullopt);
  EXPECT_FALSE(read.processes);
  EXPECT_TRUE(to_json(std::optional<GpuNode>()).is_null());
  EXPECT_FALSE(gpu_node_from_json(nullptr));
}

TEST(GpuJson, NumbersAreFiniteOrNull) {
  GpuNode node = example::every_field();
  node.gpus[0].power_watts = std::numeric_limits<double>::quiet_NaN();
  node.gpus[0].links[0].bytes_per_second = std::numeric_limits<double>::infinity();
  const Json json = json_of(node);
  EXPECT_TRUE(json["gpus"][0]["power_watts"].is_null());
  EXPECT_TRUE(json["gpus"][0]["links"][0]["bytes_per_second"].is_null());
  EXPECT_EQ(gpu_node_from_json(json)->gpus[0].power_watts, std::nullopt);
}

TEST(GpuJson, WhatIsOfAnotherTypeIsNamedWithItsPlace) {
  Json json = json_of(example::every_field());
  json["gpus"][0]["links"][3]["errors"]["replay"] = "many";
  try {
    gpu_node_from_json(json, "/context/gpubench/gpus");
    FAIL() << "text is no count";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(),
                 "/context/gpubench/gpus/gpus/0/links/3/errors/replay: expected a whole number, found text");
  }
}

TEST(GpuJson, ARunFileHoldsTheGpusAndFollowsItsSchema) {
  gpubench::Run run = example::two_modes();
  run.context.gpus = example::every_field();
  run.context.devices[0].pci = "00000000:3B:00.0";
  const Json json = to_json(run);
  const TemporaryFolder folder;
  write_file(folder / "run.json", json.dump());
  EXPECT_THAT(problems_of(folder / "run.json"), IsEmpty());
  const gpubench::Run read = run_from_json(json);
  EXPECT_EQ(read.context.gpus->gpus.at(0).uuid, "GPU-00000003");
  EXPECT_EQ(read.context.devices.at(0).pci, "00000000:3B:00.0");
}

TEST(GpuJson, TheSchemaRefusesWhatIsNoGpu) {
  const auto problem = [](const char* key, const Json& value) {
    gpubench::Run run = example::two_modes();
    run.context.gpus = example::every_field();
    Json json = to_json(run);
    json["context"]["gpubench"]["gpus"]["gpus"][0][key] = value;
    const TemporaryFolder folder;
    write_file(folder / "run.json", json.dump());
    const auto problems = problems_of(folder / "run.json");
    return problems.empty() ? std::string("nothing") : problems.front();
  };
  EXPECT_THAT(problem("ecc", "on"), HasSubstr("/context/gpubench/gpus/gpus/0/ecc"));
  EXPECT_THAT(problem("ecc_corrected", -1), HasSubstr("/context/gpubench/gpus/gpus/0/ecc_corrected"));
  EXPECT_THAT(problem("mood", "good"), HasSubstr("/context/gpubench/gpus/gpus/0"));
  EXPECT_THAT(problem("links", Json::array({Json::object()})), HasSubstr("/context/gpubench/gpus/gpus/0/links/0"));
}

TEST(GpuJson, FilesFromBeforeItAreStillRead) {
  Json json = to_json(example::two_modes());
  json["context"]["gpubench"].erase("gpus");
  json["context"]["gpubench"]["devices"][0].erase("pci");
  const TemporaryFolder folder;
  write_file(folder / "run.json", json.dump());
  EXPECT_THAT(problems_of(folder / "run.json"), IsEmpty());
  EXPECT_FALSE(run_from_json(json).context.gpus);
  EXPECT_EQ(run_from_json(json).context.devices.at(0).pci, "");
}

}  // namespace
}  // namespace gpubench
