#include "harness/app/fleet_command.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "harness/app/output.hpp"
#include "harness/app/screen.hpp"
#include "harness/core/error.hpp"
#include "reports/history/fleet_report.hpp"
#include "reports/history/history.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

/// Every SQLite file begins so.
bool is_database(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string begin(15, '\0');
  return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == "SQLite format 3";
}

Archive archive_from(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) throw UsageError(fmt::format("{}: no such folder or history", path));
  return is_database(path) ? History(path, History::Access::read).read({}) : archive_of(path);
}

std::size_t chosen_night(const FleetValues& values, const Options& options) {
  if (values.nights.empty()) throw UsageError(fmt::format("{}: no night in it", options.history.file));
  if (!options.history.night) return values.nights.size() - 1;
  std::string wanted = *options.history.night;
  std::erase(wanted, '-');
  std::erase(wanted, ':');
  const auto found =
      std::ranges::find_if(values.nights, [&](const FleetNight& night) { return night.night.starts_with(wanted); });
  if (found == values.nights.end())
    throw UsageError(fmt::format(
        "--night {}: no such night; the last one is {}", *options.history.night, values.nights.back().night));
  return static_cast<std::size_t>(found - values.nights.begin());
}

}  // namespace

int fleet_command(const Options& options) {
  check_out(options.json_file, options.force, "--json");
  const Archive archive = archive_from(options.history.file);
  const FleetValues values = fleet_values(archive);
  FleetReport report = judge_fleet_night(values, chosen_night(values, options));
  report.broken = archive.broken;
  const bool json_on_stdout = options.json_file == "-";
  fmt::print(json_on_stdout ? stderr : stdout, "{}", fleet_text(report, screen_width()));
  if (options.json_file) {
    const std::string text = to_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    if (json_on_stdout)
      fmt::print("{}", text);
    else
      write_text(*options.json_file, text, "verdict");
  }
  return report.exit_status();
}

}  // namespace gpubench
