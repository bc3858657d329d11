#include "harness/app/history_command.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <unistd.h>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/app/circumstances.hpp"
#include "harness/app/output.hpp"
#include "harness/app/screen.hpp"
#include "harness/core/error.hpp"
#include "harness/environment/sha256.hpp"
#include "reports/compare/run_folder.hpp"
#include "reports/history/export.hpp"
#include "reports/history/history.hpp"
#include "reports/history/list_text.hpp"
#include "reports/history/nights.hpp"
#include "reports/history/prune.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

namespace fs = std::filesystem;
constexpr int broken_status = 2;

std::vector<fs::path> run_files_of(const std::vector<std::string>& paths) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const std::string& path : paths) {
    if (fs::is_directory(path, ignored))
      std::ranges::move(run_files_in(path), std::back_inserter(files));
    else
      files.emplace_back(path);
  }
  return files;
}

std::string added_text(const fs::path& file, const History::AddedRun& added) {
  if (added.what == History::Added::known) return fmt::format("{}: already there, nothing added\n", file.string());
  return fmt::format("{}: {}{} launches{}\n",
                     file.string(),
                     added.what == History::Added::completed ? "was there in part; now " : "added ",
                     added.launches,
                     added.without_value > 0 ? fmt::format(", {} rows without a value", added.without_value) : "");
}

int add_runs(const Options& options) {
  const auto files = run_files_of(options.files);
  History history(options.history.file, History::Access::write);
  int status = 0;
  for (const fs::path& file : files) {
    try {
      fmt::print("{}", added_text(file, history.add(read_run(file), file.string())));
    } catch (const DatabaseError&) {
      throw;
    } catch (const UsageError& error) {  // of many files the others are worth keeping
      fmt::print(stderr, "gpubench: {}\n", error.what());
      status = broken_status;
    }
  }
  const History::Counts counts = history.counts();
  fmt::print(
      "{}: {} runs, {} series, {} launches\n", options.history.file, counts.runs, counts.series, counts.launches);
  return status;
}

HistoryFilter filter_of(const Options& options, bool details = false) {
  if (options.pattern) {
    try {
      (void)std::regex(*options.pattern);
    } catch (const std::regex_error& error) {
      throw UsageError(fmt::format("--case {}: no regular expression: {}", *options.pattern, error.what()));
    }
  }
  return {.case_pattern = options.pattern, .node = options.history.node, .details = details};
}

Archive wanted_part(const History& history, const Options& options, bool details = false) {
  Archive archive = history.read(filter_of(options, details));
  if (archive.series.empty())
    throw UsageError(
        fmt::format("{}: no series {}{}",
                    options.history.file,
                    options.history.node ? fmt::format("of node {} ", *options.history.node) : "",
                    options.pattern ? fmt::format("with {} in its case name", *options.pattern) : "at all"));
  return archive;
}

int show(const Options& options) {
  const History history(options.history.file, History::Access::read);
  const Archive archive = wanted_part(history, options);
  fmt::print("{}",
             options.history.what == "list" ? history_list_text(archive, screen_width())
                                            : history_show_text(archive, screen_width()));
  if (const auto pin = history.pinned(); pin && options.history.what == "list")
    fmt::print("pinned {}: {}\n", pin->pinned.substr(0, 10), pin->command);
  return 0;
}

/// `20261120T193000Z`, or its beginning, with or without dashes and colons.
bool is_night(const Night& night, std::string wanted) {
  std::erase(wanted, '-');
  std::erase(wanted, ':');
  return night.name.starts_with(wanted);
}

/// Of each node the night that is asked for, or its last one.
std::vector<Night> chosen_nights(const Archive& archive, const std::optional<std::string>& wanted) {
  std::vector<Night> chosen;
  for (const Night& night : nights_of(archive)) {
    if (wanted && !is_night(night, *wanted)) continue;
    if (!chosen.empty() && chosen.back().node == night.node) {
      if (wanted)
        throw UsageError(
            fmt::format("--night {}: {} and {} begin so; name one", *wanted, chosen.back().name, night.name));
      chosen.pop_back();
    }
    chosen.push_back(night);
  }
  if (chosen.empty()) throw UsageError(fmt::format("--night {}: no such night; show lists them", wanted.value_or("")));
  return chosen;
}

int accept(const Options& options) {
  History history(options.history.file, History::Access::change);
  const Archive archive = wanted_part(history, options);
  for (const Night& night : chosen_nights(archive, options.history.night)) {
    // Also those that were not measured: what is accepted may be that a case, or a GPU, is no more.
    std::vector<SeriesKey> of_node;
    for (const KeptSeries& series : archive.series)
      if (series.key.node == night.node) of_node.push_back(series.key);
    const int accepted =
        history.accept(of_node, archive.runs[night.runs.front()].start, *options.history.reason, utc_now());
    fmt::print("{}: from night {} on {} series have a new level: {}\n",
               night.node,
               night.name,
               accepted,
               *options.history.reason);
  }
  return 0;
}

/// The file that the first word of a command starts, as a shell finds it; empty where there is none.
fs::path program_of(const std::string& command) {
  const std::string word = command.substr(0, command.find(' '));
  if (word.find('/') != std::string::npos) return access(word.c_str(), X_OK) == 0 ? fs::path(word) : fs::path();
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const fs::path file = fs::path(folder) / word; access(file.c_str(), X_OK) == 0) return file;
  return {};
}

std::string digest_of_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  return file.bad() || bytes.empty() ? "" : sha256(bytes);
}

int pin(const Options& options) {
  Pin pin{.command = *options.history.command, .pinned = utc_now()};
  const fs::path program = program_of(pin.command);
  if (program.empty())
    throw UsageError(
        fmt::format("{}: no program that can be started; name it by its path, or put it on PATH", pin.command));
  pin.program = program.string();
  pin.digest = digest_of_file(program);
  std::vector<Run> runs;
  std::vector<std::string> sources;
  for (const fs::path& file : run_files_of(options.files)) {
    runs.push_back(read_run(file));
    sources.push_back(file.string());
  }
  History(options.history.file, History::Access::write).pin(pin, runs, sources);
  fmt::print("pinned {} ({}), SHA-256 {}, with {} run files\n",
             pin.command,
             pin.program,
             pin.digest.substr(0, 12),
             runs.size());
  return 0;
}

int export_runs(const Options& options) {
  const auto& lines_to = options.history.json_lines;
  check_out(lines_to, options.force, "--jsonl");
  const Archive archive = wanted_part(History(options.history.file, History::Access::read), options, true);
  if (lines_to) {
    const std::string lines = json_lines(archive);
    if (*lines_to == "-")
      fmt::print("{}", lines);
    else
      write_text(*lines_to, lines, "history");
    return 0;
  }
  const fs::path folder = *options.history.out;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw UsageError(fmt::format("--out {}: cannot be made: {}", folder.string(), error.message()));
  int written = 0, pinned = 0;
  for (const KeptRun& run : archive.runs) {
    if (run.launches.empty()) continue;
    if (!run.night) {  // whoever reads the folder as nights would take it for one
      ++pinned;
      continue;
    }
    const fs::path file = folder / export_name(run);
    check_out(file.string(), options.force);
    write_run(run_of(archive, run), file);
    ++written;
  }
  fmt::print("{} run files in {}{}\n",
             written,
             folder.string(),
             pinned > 0 ? fmt::format("; {} of the pinned build, which are no nights, left out", pinned) : "");
  return 0;
}

int prune(const Options& options) {
  History history(options.history.file, options.dry_run ? History::Access::read : History::Access::change);
  const Archive archive = history.read({});
  PruneRule rule{.keep_nights = options.history.keep_nights};
  if (const auto days = options.history.older_than_days) {
    const auto then = std::chrono::system_clock::now() - std::chrono::hours(24) * *days;
    rule.older_than = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(then)));
  }
  const auto runs = runs_to_prune(archive, rule);
  if (options.dry_run) {
    fmt::print("{} of {} runs would go, but those of a pinned build\n", runs.size(), archive.runs.size());
    return 0;
  }
  const int removed = history.remove(runs);
  fmt::print("{} of {} runs removed; the last {} accepted nights of each series and the pinned build's stay\n",
             removed,
             archive.runs.size(),
             kept_nights);
  return 0;
}

}  // namespace

int history_command(const Options& options) {
  const std::string& what = options.history.what;
  if (what == "add") return add_runs(options);
  if (what == "accept") return accept(options);
  if (what == "pin") return pin(options);
  if (what == "export") return export_runs(options);
  if (what == "prune") return prune(options);
  return show(options);
}

}  // namespace gpubench
