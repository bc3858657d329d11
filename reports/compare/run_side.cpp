#include "reports/compare/run_side.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/compare/environment.hpp"
#include "reports/compare/run_folder.hpp"
#include "reports/compare/run_rows.hpp"

namespace gpubench {
namespace {

namespace fs = std::filesystem;

/// Puts files together. Which file comes first does not matter: what depends on it is settled in done().
class Collector {
 public:
  void add(std::size_t file, RunRows&& rows) {
    const auto facts = facts_of(rows.context);
    std::vector<std::string> keys;
    for (const RunRow& row : rows.rows) keys.push_back(key_of(row.one));
    const std::lock_guard lock(mutex_);
    ++side_.files;
    side_.rows += static_cast<int>(rows.rows.size());
    if (!rows.complete) ++incomplete_;
    for (const auto& [what, value] : facts) ++side_.environment[what].values[value];
    std::map<std::string, int> numbers;  // of this file's devices
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
      RunRow& row = rows.rows[i];
      contended_ += row.contended && row.ok ? 1 : 0;
      if (!row.finding.empty()) ++findings_[fmt::format("{}: {}", rows.context.host.name, row.finding)];
      if (row.ok && !numbers.contains(row.device)) numbers[row.device] = number_of(rows.context, row.device);
      const int device = row.ok ? numbers[row.device] : 0;
      add((static_cast<std::uint64_t>(file) << 32) + i, keys[i], device, launch_of(file, row.launch), std::move(row));
    }
    if (!first_ || file < first_->first) first_.emplace(file, std::move(rows.context));
  }
  void add_broken(std::size_t file, std::string sentence) {
    const std::lock_guard lock(mutex_);
    broken_.emplace_back(file, std::move(sentence));
  }
  Side done(const fs::path& path) &&;

 private:
  static std::string key_of(const SideCase& one) {
    return fmt::format("{}\n{}\n{}\n{}\n{}", one.name, one.method, one.cache, one.work.flops, one.work.bytes);
  }

  const DeviceInfo* info_of(const Context& context, const std::string& device) const {
    const auto found = std::ranges::find(context.devices, device, &DeviceInfo::id);
    return found == context.devices.end() ? nullptr : &*found;
  }

  /// A GPU is its UUID, wherever it is plugged in; a CPU is its machine.
  int number_of(const Context& context, const std::string& device) {
    const DeviceInfo* info = info_of(context, device);
    const std::string key = info != nullptr && !info->uuid.empty() ? info->uuid : context.host.name + "\n" + device;
    const auto [at, is_new] = devices_.try_emplace(key, static_cast<int>(devices_.size()));
    if (is_new && info != nullptr) {
      const std::string model = info->model.empty() ? info->kind : info->model;
      ++models_[model];
      if (info->kind != "cpu") memory_[model] = info->memory_bytes;
    }
    return at->second;
  }

  void add(std::uint64_t order, const std::string& key, int device, int launch, RunRow&& row) {
    const auto [at, is_new] = places_.try_emplace(key, side_.cases.size());
    if (is_new) {
      side_.cases.push_back(std::move(row.one));
      side_.cases.back().order = order;
    }
    SideCase& known = side_.cases[at->second];
    if (!is_new && (order < known.order || (row.ok && known.values.empty()))) replace(known, order, row);
    if (!row.ok) {
      ++known.not_ok;
      return;
    }
    known.values.push_back({.value = row.value, .device = device, .launch = launch});
    known.beside.push_back(row.beside);
  }

  /// What the first row with a value says of plan and parts stands for all.
  static void replace(SideCase& known, std::uint64_t order, RunRow& row) {
    SideCase taken = row.ok || known.values.empty() ? std::move(row.one) : known;
    taken.values = std::move(known.values);
    taken.beside = std::move(known.beside);
    taken.not_ok = known.not_ok;
    taken.order = std::min(order, known.order);
    known = std::move(taken);
  }

  int launch_of(std::size_t file, int launch) {
    const std::uint64_t key = (static_cast<std::uint64_t>(file) << 32) + static_cast<std::uint32_t>(launch);
    return launches_.try_emplace(key, static_cast<int>(launches_.size())).first->second;
  }

  /// What makes a reader believe the numbers less.
  void put_remarks() {
    const auto say = [this](std::string remark) { side_.remarks.push_back(std::move(remark)); };
    if (models_.size() > 1)
      say(fmt::format("{} models of devices in {}: a ratio mixes them", models_.size(), side_.label));
    if (incomplete_ > 0)
      say(fmt::format("{} of {} files in {} are of runs that did not end", incomplete_, side_.files, side_.label));
    if (contended_ > 0)
      say(fmt::format(
          "{} of {} rows in {} are contended: other processes took part of the CPU meanwhile, believe their "
          "ratios less",
          contended_,
          side_.rows,
          side_.label));
    for (const auto& [finding, rows] : findings_) say(fmt::format("{} ({} rows in {})", finding, rows, side_.label));
  }

  /// Numbers that depend on which thread was first are replaced, so that equal files give equal digits.
  void renumber() {
    std::vector<std::pair<std::string, int>> devices(devices_.begin(), devices_.end());
    std::vector<std::pair<std::uint64_t, int>> launches(launches_.begin(), launches_.end());
    std::ranges::sort(devices);
    std::ranges::sort(launches);
    std::vector<int> device(devices.size()), launch(launches.size());
    for (std::size_t i = 0; i < devices.size(); ++i)
      device[static_cast<std::size_t>(devices[i].second)] = static_cast<int>(i);
    for (std::size_t i = 0; i < launches.size(); ++i)
      launch[static_cast<std::size_t>(launches[i].second)] = static_cast<int>(i);
    for (SideCase& one : side_.cases) {
      for (Measured& value : one.values) {
        value.device = device[static_cast<std::size_t>(value.device)];
        value.launch = launch[static_cast<std::size_t>(value.launch)];
      }
      std::ranges::sort(
          one.values, {}, [](const Measured& value) { return std::tuple(value.device, value.launch, value.value); });
    }
  }

  std::mutex mutex_;
  Side side_{};
  std::unordered_map<std::string, std::size_t> places_;
  std::unordered_map<std::string, int> devices_;
  std::unordered_map<std::uint64_t, int> launches_;
  std::map<std::string, int> models_;
  std::map<std::string, double> memory_;
  std::optional<std::pair<std::size_t, Context>> first_;  ///< file and context
  std::vector<std::pair<std::size_t, std::string>> broken_;
  int incomplete_ = 0, contended_ = 0;
  std::map<std::string, int> findings_;  ///< how many rows said so
};

Side Collector::done(const fs::path& path) && {
  std::ranges::sort(side_.cases, {}, &SideCase::order);
  std::ranges::sort(broken_);
  for (auto& [file, sentence] : broken_) side_.broken.push_back(std::move(sentence));
  side_.label = path.string();
  side_.devices = static_cast<int>(devices_.size());
  std::vector<std::pair<int, std::string>> models;
  for (const auto& [model, count] : models_) models.emplace_back(-count, model);
  std::ranges::sort(models);
  for (const auto& [count, model] : models) side_.models.push_back(model);
  if (!models.empty()) {
    const std::string& model = side_.models.front();
    if (memory_.contains(model)) side_.sku = match_sku(model, memory_[model], references());  // no CPU has a reference
    side_.short_title = fmt::format("{} x {}", -models.front().first, model);
  }
  renumber();
  if (!first_) return std::move(side_);
  const Context& first = first_->second;
  side_.title = fmt::format("{}, {}",
                            side_.short_title.empty() ? "no device" : side_.short_title,
                            side_.files == 1 ? fmt::format("{}, {}", first.host.name, first.start.substr(0, 10))
                                             : fmt::format("{} run files", side_.files));
  if (side_.short_title.empty()) side_.short_title = side_.label;
  put_remarks();
  return std::move(side_);
}

void read_some(const std::vector<fs::path>& files, std::atomic<std::size_t>& next, Collector& collector) {
  for (std::size_t file = next++; file < files.size(); file = next++) {
    try {
      collector.add(file, read_run_rows(files[file]));
    } catch (const std::exception& error) {
      collector.add_broken(file, error.what());
    }
  }
}

}  // namespace

Side side_of_runs(const fs::path& path) {
  std::error_code ignored;
  Collector collector;
  if (!fs::is_directory(path, ignored)) {
    collector.add(0, read_run_rows(path));
    return std::move(collector).done(path);
  }
  const std::vector<fs::path> files = run_files_in(path);
  std::atomic<std::size_t> next = 0;
  {
    std::vector<std::jthread> threads;
    const auto wanted = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), files.size());
    for (std::size_t i = 1; i < std::min<std::size_t>(wanted, 16); ++i)
      threads.emplace_back([&] { read_some(files, next, collector); });
    read_some(files, next, collector);
  }
  Side side = std::move(collector).done(path);
  if (side.files == 0)
    throw UsageError(fmt::format(
        "{}: none of its {} files is a run file; the first: {}", path.string(), files.size(), side.broken.front()));
  return side;
}

}  // namespace gpubench
