#include <gtest/gtest.h>

#include "reports/rate.hpp"
#include "reports/table.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

std::string text_of(const Run& run) { return text_of(run, 47.2, ""); }

/// One pass of one of two layers; 1e11 operations each.
CaseResult layer(
    const std::string& precision, const std::string& layer, int count, const std::string& pass, double seconds) {
  CaseResult row{.run_name = "conv/" + precision + "/" + layer + "/" + pass + "/onednn",
                 .suite = "conv",
                 .device = "cpu",
                 .precision = precision,
                 .implementation = "onednn",
                 .status = Status::ok,
                 .samples_seconds = {seconds},
                 .samples_taken = 1,
                 .median_seconds = seconds,
                 .spread = 0.01 * count,
                 .figures = {{"flops_per_second", 1e11 / seconds}},
                 .ceiling = Ceiling{.flops_per_second = 1e12,
                                    .bytes_per_second = 3e10,
                                    .precision = precision,
                                    .by = "loops, 2 threads; memory: triad"},
                 .plan = {{"convolution", "jit:avx512_core"}},
                 .group = "Some network",
                 .layer = LayerOf{.name = layer, .pass = pass, .count = count, .shape = "64 3x3 on 64x56x56"}};
  row.name = row.run_name;
  return row;
}

Run two_layers(int launches = 1) {
  gpubench::Run run{.context = example::context()};
  for (int launch = 0; launch < launches; ++launch)
    for (CaseResult row : {layer("fp32", "first", 1, "forward", 0.2),
                           layer("fp32", "second", 3, "forward", 0.4 + 0.001 * launch),
                           layer("fp32", "first", 1, "data gradient", 0.25),
                           layer("fp32", "second", 3, "data gradient", 0.5)}) {
      row.launch = launch;
      row.launches = launches;
      run.results.push_back(row);
    }
  return run;
}

TEST(LayerTable, HasALineALayerAColumnAPassAndWhatAllTake) {
  gpubench::Run run = two_layers();
  for (const char* pass : {"forward", "data gradient"}) {
    CaseResult row = layer("fp16", "first", 1, pass, 1);
    row.status = Status::unsupported;
    row.reason = "oneDNN 2.6.3 has no FP16 convolution";
    run.results.push_back(row);
  }
  for (CaseResult& row : run.results)
    if (row.status == Status::ok) row.labels = {"contended: others used 12 % of the CPU"};
  run.results[1].labels = {"contended: others used 45 % of the CPU"};
  expect_golden(text_of(run), "layers.txt");
}

TEST(LayerTable, HasNoTotalWhereALayerHasNoTime) {
  gpubench::Run run = two_layers();
  run.results[1].status = Status::wrong_result;
  run.results[1].reason = "element 3 is 1, should be 2";
  const std::string text = text_of(run);
  EXPECT_NE(text.find("incomplete"), std::string::npos) << text;
  EXPECT_NE(text.find("wrong result"), std::string::npos) << text;
  EXPECT_NE(text.find("element 3 is 1, should be 2"), std::string::npos) << text;
}

TEST(LayerTable, OfSeveralLaunchesHasAnIntervalOfTheTotal) {
  EXPECT_EQ(text_of(two_layers(2)).find("95 %"), std::string::npos);
  EXPECT_NE(text_of(two_layers(2)).find("Two launches: no interval"), std::string::npos);
  const std::string text = text_of(two_layers(3));
  EXPECT_NE(text.find("95 % over launches"), std::string::npos) << text;
  EXPECT_NE(text.find("±0.5 %"), std::string::npos) << text;  // t(2) = 4.30, times 0.003 / sqrt(3) of 1.4 s
}

TEST(CaseTable, SharedReasonsAreToldOnce) {
  gpubench::Run run{.context = example::context()};
  for (const char* size : {"1024", "2048"})
    for (const char* precision : {"fp32", "tf32"}) {
      CaseResult row = layer(precision, size, 1, "forward", 0.2);
      row.layer.reset();
      if (row.precision == "tf32") {
        row.status = Status::unsupported;
        row.reason = "this CPU has no TF32";
      }
      run.results.push_back(row);
    }
  const std::string text = text_of(run);
  EXPECT_NE(text.find("\n  tf32: unsupported: this CPU has no TF32 (2 cases)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("of ceiling"), std::string::npos) << text;
  EXPECT_NE(text.find("50 %"), std::string::npos) << text;
  EXPECT_NE(text.find("\n  fp32: 1.000 TFLOP/s by loops, 2 threads\n"), std::string::npos) << text;
}

TEST(CaseTable, RatesOfDifferentUnitsCarryThem) {
  gpubench::Run run{.context = example::context()};
  run.results = {layer("fp32", "one", 1, "forward", 0.2), layer("int8", "one", 1, "forward", 0.2)};
  run.results[1].figures = {{"operations_per_second", 2e12}};
  for (CaseResult& row : run.results) row.layer.reset();
  const std::string text = text_of(run);
  EXPECT_NE(text.find("0.5000 TFLOP/s"), std::string::npos) << text;
  EXPECT_NE(text.find("2.000 TOP/s"), std::string::npos) << text;
}

TEST(SummedRemarks, AreToldOneByOneWhereTheyAreFew) {
  gpubench::Run run = two_layers();
  run.results[0].labels = {"contended: others used 12 % of the CPU"};
  const auto groups = groups_of(run);
  EXPECT_EQ(summed_remarks(groups[0]),
            std::vector<std::string>{"conv/fp32/first/forward/onednn: contended: others used 12 % of the CPU"});
  for (CaseResult& row : run.results) row.labels = {"contended: others used 7 % of the CPU"};
  run.results[2].labels = {"contended: others used 31 % of the CPU"};
  EXPECT_EQ(summed_remarks(groups_of(run)[0]),
            std::vector<std::string>{"contended in 4 of 4 cases, at worst others used 31 % of the CPU"});
}

TEST(LayerTable, SaysWhatPlanChangedBetweenLaunches) {
  gpubench::Run run = two_layers(3);
  const std::string said = "plan changed between launches";
  EXPECT_EQ(text_of(run).find(said), std::string::npos);
  run.results.back().plan["convolution"] = "engine 7";  // of the last launch
  EXPECT_NE(text_of(run).find("conv/fp32/second/data gradient/onednn: " + said +
                              ": convolution jit:avx512_core, then engine 7"),
            std::string::npos)
      << text_of(run);
}

}  // namespace
}  // namespace gpubench
