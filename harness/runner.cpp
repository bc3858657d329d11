#include "harness/runner.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <string>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "harness/measure/statistics.hpp"

namespace gpubench {
namespace {

void end_as(CaseResult& row, Status status, std::string reason) {
  row.status = status;
  row.reason = std::move(reason);
}

/// @returns whether the answer is right; a wrong one ends the case.
bool right(Kernel& kernel, bool again, CaseResult& row, Progress& progress) {
  progress.on(again ? "verifying again" : "verifying");
  Verification verification = kernel.verify(again, progress);
  if (row.verification) {
    verification.error = std::max(verification.error, row.verification->error);
    verification.checked += row.verification->checked;
  }
  const bool passed = !verification.mismatch && verification.error <= verification.tolerance;  // NaN does not pass
  if (!passed)
    end_as(row,
           Status::wrong_result,
           fmt::format("{}{}",
                       again ? "after the timed window: " : "",
                       verification.mismatch.value_or("an error above its bound")));
  row.verification = std::move(verification);
  return passed;
}

/// The parts of one run. They are a window of their own, after the timed one: what was read over it is named so.
std::map<std::string, double> take_apart(Kernel& kernel, Device& device, CaseResult& row) {
  const auto watch = device.watch();
  row.parts = kernel.parts();
  std::map<std::string, double> readings;
  if (row.parts.empty()) return readings;
  for (const auto& [name, value] : watch->stop().readings) readings["parts_" + name] = value;
  return readings;
}

void keep_samples(Sampled sampled, CaseResult& row) {
  row.median_seconds = median(sampled.seconds);
  row.spread = relative_spread(sampled.seconds);
  row.samples_taken = static_cast<std::int64_t>(sampled.seconds.size());
  row.samples_seconds = std::move(sampled.seconds);
  row.runs_per_sample = sampled.runs_per_sample;
  row.settle = std::move(sampled.settle);
  row.telemetry = std::move(sampled.seen.readings);
  row.labels.insert(row.labels.end(), sampled.seen.labels.begin(), sampled.seen.labels.end());
  row.cpu_seconds = sampled.cpu_seconds_per_run;
}

/// A right answer has a time; everything that could not be timed has none.
void forget_times(CaseResult& row) {
  row.samples_seconds.clear();
  row.samples_taken = 0;
  row.median_seconds = row.cpu_seconds = 0;
  row.spread.reset();
  row.figures.clear();
}

/// How far a row's rate is above one of the two limits of a ceiling; nothing for other figures.
struct Share {
  double of_most = 0;
  bool bytes = false;
};
std::optional<Share> largest_share(const CaseResult& row, const Ceiling& most) {
  std::optional<Share> largest;
  for (const auto& [figure, value] : row.figures) {
    const bool bytes = figure == "bytes_per_second";
    if (!bytes && figure != "flops_per_second" && figure != "operations_per_second") continue;
    const double limit = bytes ? most.bytes_per_second : most.flops_per_second;
    if (limit > 0 && (!largest || value / limit > largest->of_most)) largest = Share{value / limit, bytes};
  }
  return largest;
}

constexpr double above = 1.02;  // clocks and timers are not exact

/// A ceiling is what was reached, not what silicon can do: to be above it is no failure, but one of the two is off.
void label_above_ceiling(CaseResult& row) {
  if (!row.ceiling) return;
  if (const auto share = largest_share(row, *row.ceiling); share && share->of_most > above)
    row.labels.push_back(
        fmt::format("above the ceiling of this launch: {:.0f} % of it; it was disturbed, or is not the limit here",
                    100 * share->of_most));
}

/// What silicon cannot pass was not passed: the time or the work is wrong. Empty: the figures may be true.
std::string why_implausible(const CaseResult& row, const std::optional<Ceiling>& silicon) {
  if (!silicon) return "";
  const auto share = largest_share(row, *silicon);
  if (!share || share->of_most <= above) return "";
  return fmt::format("{:.0f} % of the most that this device's {} can do ({}): time or work is counted wrongly",
                     100 * share->of_most,
                     share->bytes ? "memory" : "multiprocessors",
                     silicon->by);
}

void measure(const Case& one, const Sampling& sampling, Progress& progress, CaseResult& row) {
  Device& device = *one.device;
  progress.on("planning");
  const auto kernel = one.make();
  row.plan = kernel->plan();
  row.planned_memory_bytes = kernel->memory_bytes();
  if (const double has = device.available_memory(); kernel->memory_bytes() > has)
    throw Unsupported(
        fmt::format("needs {} of memory, has {}", text_of_bytes(kernel->memory_bytes()), text_of_bytes(has)));

  progress.on("allocating");
  kernel->allocate(progress);
  if (!right(*kernel, false, row, progress)) return;
  device.reset_peak_memory();
  Sampling own = sampling;
  if (one.most_seconds > 0) {
    own.budget_seconds = std::min(own.budget_seconds, one.most_seconds);
    // One of a long list has no time to wait for power: the clock has to do, and the row says `short`.
    own.condition_seconds = std::min(own.condition_seconds, one.most_seconds / 3);
  }
  Sampled sampled = sample(*kernel, device, own, one.runs_wanted, progress);
  if (!sampled.seen.slowdown.empty()) {  // once may be chance; twice is the node
    progress.on("the device braked itself: sampling again");
    sampled = sample(*kernel, device, own, one.runs_wanted, progress);
    if (!sampled.seen.slowdown.empty()) row.finding = Finding{"degraded", sampled.seen.slowdown};
  }
  row.peak_memory_bytes = device.peak_memory();
  if (!right(*kernel, true, row, progress)) return;
  progress.on("taking one run apart");
  const auto readings = take_apart(*kernel, device, row);
  row.ceiling = device.ceiling(row.precision);
  const auto silicon = device.silicon(row.precision, sampled.seen);
  keep_samples(std::move(sampled), row);
  row.telemetry.insert(readings.begin(), readings.end());
  row.status = Status::ok;
  kernel->describe(row);
  one.describe(row);
  if (const std::string reason = why_implausible(row, silicon); !reason.empty())
    return end_as(row, Status::implausible, reason);
  label_above_ceiling(row);
}

}  // namespace

Outcome run_case(const Case& one, const Sampling& sampling, Progress& progress) {
  Outcome outcome{.row = one.row};
  CaseResult& row = outcome.row;
  try {
    measure(one, sampling, progress, row);
  } catch (const Unsupported& why) {
    end_as(row, Status::unsupported, why.what());
  } catch (const DeviceLost& error) {
    end_as(row, Status::failed, error.what());
    if (error.cause() == DeviceLost::Cause::hardware) row.finding = Finding{"degraded", error.what()};
    outcome.device_lost = true;
  } catch (const std::bad_alloc&) {
    end_as(row, Status::failed, "out of memory: the host has no more to give");
  } catch (const std::exception& error) {
    end_as(row, Status::failed, error.what());
  }
  if (row.status != Status::ok) forget_times(row);
  return outcome;
}

}  // namespace gpubench
