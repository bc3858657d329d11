#include "reports/validate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/measure/statistics.hpp"
#include "reports/json_file.hpp"
#include "reports/schema_problems.hpp"

namespace gpubench {
namespace {

bool nearly(double a, double b) { return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b)); }

/// Complaints about one row, each with its place.
class RowCheck {
 public:
  RowCheck(const CaseResult& row, const Json& json, std::string place, std::vector<std::string>& problems)
      : row_(row), json_(json), place_(std::move(place)), problems_(problems) {}

  void check() {
    check_names();
    check_counts();
    if (row_.status != Status::ok) return;
    check_times();
    check_answer();
  }

 private:
  void expect(bool right, const std::string& key, const std::string& what) {
    if (!right) problems_.push_back(fmt::format("{}/{}: {}", place_, key, what));
  }

  void check_names() {
    expect(row_.name == row_.run_name || row_.name == row_.run_name + "@" + row_.device,
           "name",
           fmt::format("{} is neither the run_name nor that with @{} appended", row_.name, row_.device));
    expect(row_.launch < row_.launches, "repetition_index", fmt::format("not below repetitions, {}", row_.launches));
  }

  void check_counts() {
    const auto kept = static_cast<std::int64_t>(row_.samples_seconds.size());
    expect(row_.samples_taken <= 1000 ? row_.samples_taken == kept : kept == 1000,
           "gpubench/samples_taken",
           fmt::format("{}, but {} samples are kept", row_.samples_taken, kept));
    expect(json_["iterations"] == row_.samples_taken * row_.runs_per_sample,
           "iterations",
           "not samples_taken * runs_per_sample");
  }

  void check_times() {
    if (row_.samples_taken <= 1000)
      expect(nearly(row_.median_seconds, median(row_.samples_seconds)),
             "gpubench/median_seconds",
             fmt::format(
                 "{}, but the median of samples_seconds is {}", row_.median_seconds, median(row_.samples_seconds)));
    expect(nearly(json_["real_time"], 1e3 * row_.median_seconds), "real_time", "not median_seconds in milliseconds");
    if (!row_.epoch) return;
    expect(row_.epoch->measured || row_.epoch->from_steps > 0,
           "gpubench/epoch/from_steps",
           "0, but the epoch was not measured");
    if (json_.contains("epoch_seconds") && json_["epoch_seconds"].is_number())
      expect(nearly(json_["epoch_seconds"], row_.epoch->seconds), "epoch_seconds", "not gpubench/epoch/seconds");
  }

  void check_answer() {
    if (!row_.verification) return;
    const bool right = row_.verification->error <= row_.verification->tolerance;  // false for no number
    expect(right && !row_.verification->mismatch, "gpubench/status", "ok, but verification says that it is wrong");
  }

  const CaseResult& row_;
  const Json& json_;
  std::string place_;
  std::vector<std::string>& problems_;
};

std::vector<std::string> inconsistencies(const Json& json) {
  const Run run = run_from_json(json);
  std::vector<std::string> problems;
  std::set<std::pair<std::string, int>> seen;
  for (std::size_t i = 0; i < run.results.size(); ++i) {
    const CaseResult& row = run.results[i];
    const std::string place = fmt::format("/benchmarks/{}", i);
    RowCheck(row, json["benchmarks"][i], place, problems).check();
    if (!seen.emplace(row.name, row.launch).second)
      problems.push_back(fmt::format("{}/name: {} is there twice in launch {}", place, row.name, row.launch));
  }
  if (!run.context.end.empty() && run.context.end < run.context.start)
    problems.emplace_back("/context/gpubench/end: before start");
  return problems;
}

}  // namespace

std::vector<std::string> problems_of(const std::filesystem::path& path) {
  const Json json = read_json_file(path);
  const std::vector<std::string> problems = schema_problems(json);
  return problems.empty() ? inconsistencies(json) : problems;
}

}  // namespace gpubench
