#include "reports/table.hpp"

#include <gtest/gtest.h>

#include "tests/reports/example_gpus.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using example::launches;
using example::trained;
using example::without_time;

std::string text_of(const Run& run) { return text_of(run, 47.2, "gpubench-node7-20261120T193000Z.json"); }

Run troubled() {
  gpubench::Run run{.context = example::context(), .complete = false};
  run.results = {trained("fp32", 1.571),
                 without_time("tf32", Status::failed, "killed by signal 9"),
                 without_time("amp-fp16", Status::wrong_result, "batch norm: element 7 is 3.2, expected 3.1"),
                 trained("amp-bf16", 2.182)};
  run.results[0].labels = {"contended: others used 12 % of the CPU"};
  run.results[0].epoch->from_steps = 9;
  run.results[3].finding = Finding{.verdict = "degraded", .reason = "thermal slowdown"};
  run.results[3].parity->mismatch = "gradient cosine 0.93 is below 0.99";
  return run;
}

CaseResult product(const std::string& precision, double seconds) {
  const std::string name = "gemm/" + precision + "/m4096n4096k4096/nt/hot/onednn";
  return {.run_name = name,
          .name = name,
          .suite = "gemm",
          .device = "cpu",
          .precision = precision,
          .implementation = "onednn",
          .status = Status::ok,
          .samples_seconds = {seconds},
          .samples_taken = 1,
          .median_seconds = seconds,
          .spread = 0.011,
          .figures = {{"flops_per_second", 1.37e11 / seconds}}};
}

TEST(Table, TwoModesAreTheGoldenOnes) { expect_golden(text_of(example::two_modes()), "two_modes.txt"); }

TEST(Table, FiveLaunchesAreOneLineWithAnInterval) { expect_golden(text_of(launches(5)), "five_launches.txt"); }

TEST(Table, TwoLaunchesHaveNoInterval) {
  EXPECT_NE(text_of(launches(2)).find("Two launches: no interval (--launches 5 gives one)."), std::string::npos);
}

TEST(Table, WhatWentWrongIsSaidInSentences) { expect_golden(text_of(troubled()), "trouble.txt"); }

TEST(Table, AWrongLaunchHidesTheTimesOfTheOthers) {
  gpubench::Run run = launches(3);
  run.results[3].status = Status::wrong_result;
  run.results[3].reason = "not reproducible";
  const std::string text = text_of(run);
  EXPECT_NE(text.find("  fp32      wrong result: not reproducible\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("1.57"), std::string::npos) << text;
}

TEST(Table, AFailedLaunchIsToldBesideTheTimeOfTheOthers) {
  gpubench::Run run = launches(4);
  run.results[3].status = Status::failed;
  run.results[3].reason = "killed by signal 9";
  const std::string text = text_of(run);
  EXPECT_NE(text.find("fp32: failed: killed by signal 9 (1 of 4 launches)"), std::string::npos) << text;
  EXPECT_NE(text.find("(3 launches)"), std::string::npos) << text;
}

TEST(Table, OtherSuitesGetCasesAndFigures) {
  gpubench::Run run{.context = example::context()};
  run.results = {product("fp32", 0.2), product("bf16", 0.0213), product("fp8", 1)};
  run.results[2].status = Status::unsupported;
  run.results[2].reason = "oneDNN 2.6.3 has no FP8";
  expect_golden(text_of(run), "gemm.txt");
}

TEST(Table, SeveralDevicesAreToldApartAndComparedWithThemselves) {
  gpubench::Run run{.context = example::context()};
  for (const char* device : {"cuda:0", "cuda:1"})
    for (const auto& [mode, seconds] : {std::pair("fp32", 0.4), std::pair("tf32", 0.1), std::pair("amp-bf16", 0.05)}) {
      CaseResult row = trained(mode, seconds * (std::string(device) == "cuda:1" ? 1.5 : 1));
      row.device = device;
      row.name += std::string("@") + device;
      run.results.push_back(row);
    }
  DeviceInfo gpu{.id = "cuda:0", .kind = "cuda", .model = "NVIDIA H100 80GB HBM3"};
  run.context.devices = {gpu, gpu};
  expect_golden(text_of(run), "two_devices.txt");
}

TEST(Table, TheHeadingCountsGpusAndNamesTheirDriver) {
  Context context = example::context();
  context.gpus = example::dgx_h100();
  EXPECT_EQ(heading(context).find("driver"), std::string::npos);  // a run on the CPU beside them
  context.devices.clear();
  for (int i = 0; i < 8; ++i)
    context.devices.push_back({.id = "cuda:" + std::to_string(i),
                               .kind = "cuda",
                               .model = "NVIDIA H100 80GB HBM3",
                               .libraries = {{.name = "cuDNN", .version = "9.19.0"}}});
  EXPECT_EQ(heading(context),
            "gpubench 0.1.0 · 8 x NVIDIA H100 80GB HBM3, driver 580.65.06 · CUDA 13.0 · cuDNN 9.19.0 · synthetic data, "
            "seed 1");
}

CaseResult launched(const std::string& shape, int kernels, double seconds_per_launch) {
  const std::string name = "launch/none/" + shape + "/gpubench";
  return {.run_name = name,
          .name = name,
          .suite = "launch",
          .device = "cuda:0",
          .precision = "none",
          .implementation = "gpubench",
          .status = Status::ok,
          .samples_seconds = {kernels * seconds_per_launch},
          .samples_taken = 1,
          .median_seconds = kernels * seconds_per_launch,
          .spread = 0.004,
          .peak_memory_bytes = 1e6,
          .figures = {{"seconds_per_launch", seconds_per_launch}, {"launches_per_second", 1 / seconds_per_launch}},
          .group = "Kernel launches",
          .item = "launches"};
}

TEST(Table, LaunchesAreToldInMicrosecondsEach) {
  gpubench::Run run{.context = example::context()};
  run.results = {launched("empty/stream", 1, 2.31e-6),
                 launched("chain64/stream", 64, 2.1e-6),
                 launched("chain64/graph", 64, 0.91e-6),
                 launched("chain1024/graph", 1024, 0.9e-6)};
  run.results[3].status = Status::unsupported;
  run.results[3].reason = "graphs are off";
  run.results[1].finding = Finding{.verdict = "degraded", .reason = "thermal slowdown on cuda:0 in two tries"};
  run.results[2].labels = {"power cap: 62 % of the window at the limit of 700 W"};
  expect_golden(text_of(run), "launches.txt");
}

TEST(Table, AFindingIsToldBesideLabelsThatManyCasesShare) {
  gpubench::Run run{.context = example::context()};
  for (const char* shape : {"a/stream", "b/stream", "c/stream", "d/stream"}) {
    run.results.push_back(launched(shape, 1, 2e-6));
    run.results.back().labels = {"power cap: 62 % of the window at the limit of 700 W"};
  }
  run.results[1].finding = Finding{.verdict = "degraded", .reason = "thermal slowdown: power cap: no"};
  const std::string text = text_of(run);
  EXPECT_NE(text.find("  power cap in 4 of 4 cases, at worst 62 % of the window at the limit of 700 W\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("  launch/none/b/stream/gpubench: degraded: thermal slowdown: power cap: no\n"),
            std::string::npos)
      << text;
}

TEST(Table, AMeasuredEpochIsCalledMeasured) {
  gpubench::Run run = example::two_modes();
  for (CaseResult& row : run.results)
    if (row.epoch) row.epoch->measured = true;
  EXPECT_NE(text_of(run).find("epoch = 1 281 167 images, measured\n"), std::string::npos);
}

TEST(Table, NoLineEndsInBlanks) {
  for (const gpubench::Run& run : {example::two_modes(), launches(5), troubled()})
    EXPECT_EQ(text_of(run).find(" \n"), std::string::npos);
}

TEST(Table, NothingAtAllIsSaidToo) {
  EXPECT_NE(text_of(gpubench::Run{.context = example::context()}).find("ran 0, unsupported 0, failed 0"),
            std::string::npos);
}

}  // namespace
}  // namespace gpubench
