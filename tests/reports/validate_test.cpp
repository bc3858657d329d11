#include "reports/validate.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/journal.hpp"
#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

std::vector<std::string> problems_in(const Json& json) {
  const TemporaryFolder folder;
  write_file(folder / "run.json", json.dump());
  return problems_of(folder / "run.json");
}

/// Something done to a good file, and where that has to be complained about.
struct Mutation {
  const char* rule;
  std::function<void(Json& context, Json& row)> mutate;
  const char* place;
};

/// Each alone in a good file: there must be a complaint, and it must begin with the place.
void expect_refused(const std::vector<Mutation>& mutations) {
  for (const auto& [rule, mutate, place] : mutations) {
    Json json = to_json(example::two_modes());
    mutate(json["context"]["gpubench"], json["benchmarks"][3]);
    const auto problems = problems_in(json);
    ASSERT_FALSE(problems.empty()) << rule;
    EXPECT_TRUE(problems.front().starts_with(std::string(place) + ": ")) << rule << "\n  " << problems.front();
  }
}

#define ROW "/benchmarks/3"
#define OURS "/benchmarks/3/gpubench"
#define CONTEXT "/context/gpubench"

TEST(Validate, OurOwnFilesAreRight) {
  EXPECT_EQ(problems_in(to_json(example::two_modes())), std::vector<std::string>{});
  EXPECT_EQ(problems_of(golden_path("run_a.json")), std::vector<std::string>{});
}

TEST(Validate, AJournalIsRightToo) {
  const TemporaryFolder folder;
  Context context = example::context();
  context.end = "";
  Journal journal(folder / "run.json", context);
  std::string why_not;
  journal.append(example::trained("fp32", 1), why_not);
  EXPECT_EQ(problems_of(journal.path()), std::vector<std::string>{});
}

TEST(Validate, KeysOfGoogleBenchmarkMayGrow) {
  Json json = to_json(example::two_modes());
  json["context"]["json_schema_version"] = 1;
  json["benchmarks"][0]["label"] = "a newer key";
  EXPECT_EQ(problems_in(json), std::vector<std::string>{});
}

TEST(Validate, RequiredKeysAreRequired) {
  expect_refused({
      {"gpubench", [](Json&, Json& row) { row.erase("gpubench"); }, ROW},
      {"time_unit", [](Json&, Json& row) { row.erase("time_unit"); }, ROW},
      {"status", [](Json&, Json& row) { row["gpubench"].erase("status"); }, OURS},
      {"settle.seconds", [](Json&, Json& row) { row["gpubench"]["settle"].erase("seconds"); }, OURS "/settle"},
      {"digest", [](Json& context, Json&) { context.erase("digest"); }, CONTEXT},
      {"library.path",
       [](Json& context, Json&) { context["devices"][0]["libraries"][0].erase("path"); },
       CONTEXT "/devices/0/libraries/0"},
  });
}

TEST(Validate, KeysNobodyDeclaredAreRefusedInOurPart) {
  expect_refused({
      {"row", [](Json&, Json& row) { row["gpubench"]["mood"] = 1; }, OURS},
      {"epoch", [](Json&, Json& row) { row["gpubench"]["epoch"]["mood"] = 1; }, OURS "/epoch"},
      {"part", [](Json&, Json& row) { row["gpubench"]["parts"][1]["mood"] = 1; }, OURS "/parts/1"},
      {"context", [](Json& context, Json&) { context["mood"] = 1; }, CONTEXT},
      {"host", [](Json& context, Json&) { context["host"]["mood"] = 1; }, CONTEXT "/host"},
  });
}

TEST(Validate, WordsOutsideTheVocabularyAreRefused) {
  expect_refused({
      {"status", [](Json&, Json& row) { row["gpubench"]["status"] = "fine"; }, OURS "/status"},
      {"verdict",
       [](Json&, Json& row) {
         row["gpubench"]["finding"] = {{"verdict", "meh"}, {"reason", "why"}};
       },
       OURS "/finding/verdict"},
      {"settle", [](Json&, Json& row) { row["gpubench"]["settle"]["outcome"] = "soon"; }, OURS "/settle/outcome"},
      {"scope",
       [](Json&, Json& row) { row["gpubench"]["verification"]["scope"] = "some"; },
       OURS "/verification/scope"},
      {"time_unit", [](Json&, Json& row) { row["time_unit"] = "ns"; }, ROW "/time_unit"},
      {"run_type", [](Json&, Json& row) { row["run_type"] = "aggregate"; }, ROW "/run_type"},
      {"run_name", [](Json&, Json& row) { row["run_name"] = "Train/ResNet"; }, ROW "/run_name"},
      {"schema", [](Json& context, Json&) { context["schema"] = 2; }, CONTEXT "/schema"},
      {"digest", [](Json& context, Json&) { context["digest"] = "abc"; }, CONTEXT "/digest"},
      {"start", [](Json& context, Json&) { context["start"] = "yesterday"; }, CONTEXT "/start"},
  });
}

TEST(Validate, NumbersOutOfRangeAreRefused) {
  expect_refused({
      {"median", [](Json&, Json& row) { row["gpubench"]["median_seconds"] = 0; }, OURS "/median_seconds"},
      {"real_time", [](Json&, Json& row) { row["real_time"] = -1; }, ROW "/real_time"},
      {"sample", [](Json&, Json& row) { row["gpubench"]["samples_seconds"][2] = 0; }, OURS "/samples_seconds/2"},
      {"no sample",
       [](Json&, Json& row) { row["gpubench"]["samples_seconds"][2] = nullptr; },
       OURS "/samples_seconds/2"},
      {"samples",
       [](Json&, Json& row) { row["gpubench"]["samples_seconds"] = std::vector<double>(1001, 1.0); },
       OURS "/samples_seconds"},
      {"method", [](Json&, Json& row) { row["gpubench"]["method"] = 0; }, OURS "/method"},
      {"runs", [](Json&, Json& row) { row["gpubench"]["runs_per_sample"] = 0; }, OURS "/runs_per_sample"},
      {"spread", [](Json&, Json& row) { row["gpubench"]["spread"] = -0.1; }, OURS "/spread"},
      {"epoch.items", [](Json&, Json& row) { row["gpubench"]["epoch"]["items"] = 0; }, OURS "/epoch/items"},
      {"text for a number", [](Json&, Json& row) { row["gpubench"]["work"]["flops"] = "1"; }, OURS "/work/flops"},
      {"memory", [](Json&, Json& row) { row["peak_memory_bytes"] = -1; }, ROW "/peak_memory_bytes"},
  });
}

TEST(Validate, OkAndAnErrorExcludeEachOther) {
  expect_refused({
      {"ok with an error", [](Json&, Json& row) { row["error_occurred"] = true; }, ROW},
      {"no error and not ok",
       [](Json&, Json& row) {
         row = to_json(example::without_time("tf32", Status::unsupported, "why"));
         row.erase("error_occurred");
       },
       ROW},
      {"not ok without a reason",
       [](Json&, Json& row) {
         row = to_json(example::without_time("tf32", Status::unsupported, "why"));
         row["gpubench"]["reason"] = nullptr;
       },
       OURS "/reason"},
  });
}

TEST(Validate, AWrongAnswerHasNoTime) {
  const auto wrong = [](Json& row) {
    CaseResult told = example::row("amp-bf16");
    told.status = Status::wrong_result;
    told.reason = "why";
    row = to_json(told);
  };
  expect_refused({
      {"real_time", [&](Json&, Json& row) { wrong(row), row["real_time"] = 1; }, ROW "/real_time"},
      {"cpu_time", [&](Json&, Json& row) { wrong(row), row["cpu_time"] = 1; }, ROW "/cpu_time"},
      {"median", [&](Json&, Json& row) { wrong(row), row["gpubench"]["median_seconds"] = 1; }, OURS "/median_seconds"},
      {"samples",
       [&](Json&, Json& row) { wrong(row), row["gpubench"]["samples_seconds"] = {1.0}; },
       OURS "/samples_seconds"},
      {"ok although wrong", [](Json&, Json& row) { row["gpubench"]["verification"]["error"] = 1.5; }, OURS "/status"},
      {"ok although not a number",
       [](Json&, Json& row) { row["gpubench"]["verification"]["error"] = nullptr; },
       OURS "/status"},
  });
}

TEST(Validate, WhatASchemaCannotSayIsChecked) {
  expect_refused({
      {"the median is another",
       [](Json&, Json& row) { row["gpubench"]["samples_seconds"][1] = 0.8; },
       OURS "/median_seconds"},
      {"real_time is another", [](Json&, Json& row) { row["real_time"] = 780.0; }, ROW "/real_time"},
      {"iterations", [](Json&, Json& row) { row["iterations"] = 7; }, ROW "/iterations"},
      {"samples_taken", [](Json&, Json& row) { row["gpubench"]["samples_taken"] = 7; }, OURS "/samples_taken"},
      {"launch", [](Json&, Json& row) { row["repetition_index"] = 1; }, ROW "/repetition_index"},
      {"name", [](Json&, Json& row) { row["name"] = "another"; }, ROW "/name"},
      {"epoch", [](Json&, Json& row) { row["epoch_seconds"] = 5.0; }, ROW "/epoch_seconds"},
      {"from_steps", [](Json&, Json& row) { row["gpubench"]["epoch"]["from_steps"] = 0; }, OURS "/epoch/from_steps"},
      {"end", [](Json& context, Json&) { context["end"] = "2026-11-20T19:00:00Z"; }, CONTEXT "/end"},
  });
}

TEST(Validate, ACaseIsThereOnceInALaunch) {
  Json json = to_json(example::two_modes());
  json["benchmarks"].push_back(json["benchmarks"][0]);
  const auto problems = problems_in(json);
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0], "/benchmarks/4/name: train/resnet50/fp32/b16/d1/onednn is there twice in launch 0");
}

TEST(Validate, AProblemIsToldOnceWithWhatWasFound) {
  Json json = to_json(example::two_modes());
  json["benchmarks"][3]["gpubench"]["settle"]["outcome"] = "soon";
  const auto problems = problems_in(json);
  ASSERT_EQ(problems.size(), 1) << problems[1];
  EXPECT_TRUE(problems[0].ends_with(", found \"soon\"")) << problems[0];
}

TEST(Validate, AnotherToolsFileHasProblemsToo) {
  EXPECT_FALSE(problems_in(Json::parse(R"({"context": {}, "benchmarks": []})")).empty());
  EXPECT_FALSE(problems_in(Json::parse("[]")).empty());
}

TEST(Validate, WhatIsNoJsonIsRefused) {
  const TemporaryFolder folder;
  write_file(folder / "x.json", "{");
  EXPECT_THROW(problems_of(folder / "x.json"), UsageError);
}

TEST(Validate, TheSchemaInsideTheProgramIsTheFile) { EXPECT_TRUE(text_of_file(GPUBENCH_SCHEMA) == run_schema()); }

}  // namespace
}  // namespace gpubench
