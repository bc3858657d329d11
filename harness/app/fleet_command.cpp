#include "harness/app/fleet_command.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/app/output.hpp"
#include "harness/app/screen.hpp"
#include "harness/core/error.hpp"
#include "reports/history/fleet_report.hpp"
#include "reports/history/history.hpp"
#include "reports/json.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

/// Every SQLite file begins so.
bool is_database(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string begin(15, '\0');
  return file.read(begin.data(), static_cast<std::streamsize>(begin.size())) && begin == "SQLite format 3";
}

/// A history is read for so long before the night that is judged: a node's own place wants two weeks of it.
constexpr long weeks_8 = 8L * 7 * 24 * 3600;

std::string utc_of(long seconds) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time_t{seconds})); }

/// @param night the one that is asked for; it may be any of the past
Archive archive_from(const std::string& path, const std::optional<std::string>& night) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) throw UsageError(fmt::format("{}: no such folder or history", path));
  if (!is_database(path)) return archive_of(path);
  const History history(path, History::Access::read);
  const std::string last = history.last_start();
  if (night || last.empty()) return history.read({});
  return history.read({.since = utc_of(seconds_of(last) - weeks_8)});
}

/// Contexts are large: only those that are asked for are read, of a history those of the night.
ContextOf contexts_of(const std::string& path, const Archive& archive, const std::string& night) {
  auto texts = std::make_shared<std::map<std::string, std::string>>();
  return [=, &archive](const std::string& identity) {
    if (texts->empty()) {
      const bool in_file = is_database(path);
      const std::string since = fmt::format("{}-{}-{}", night.substr(0, 4), night.substr(4, 2), night.substr(6, 2));
      const Archive again =
          in_file ? History(path, History::Access::read).read({.since = since, .contexts = true}) : Archive{};
      for (const KeptRun& run : (in_file ? again : archive).runs) texts->emplace(run.identity, run.context);
    }
    const auto found = texts->find(identity);
    const Json json = Json::parse(found == texts->end() ? "" : found->second, nullptr, false);
    return json.is_object() ? context_from_json(json, "context") : Context{};
  };
}

std::size_t chosen_night(const FleetValues& values, const Options& options) {
  if (values.nights.empty()) throw UsageError(fmt::format("{}: no night in it", options.history.file));
  if (!options.history.night) return last_fleet_night(values);
  std::string wanted = *options.history.night;
  std::erase(wanted, '-');
  std::erase(wanted, ':');
  const auto begins = [&](const FleetNight& night) { return night.night.starts_with(wanted); };
  const auto found = std::ranges::find_if(values.nights, begins);
  if (found == values.nights.end())
    throw UsageError(fmt::format(
        "--night {}: no such night; the last one is {}", *options.history.night, values.nights.back().night));
  if (const auto other = std::find_if(found + 1, values.nights.end(), begins); other != values.nights.end())
    throw UsageError(
        fmt::format("--night {}: {} and {} begin so; name one", *options.history.night, found->night, other->night));
  return static_cast<std::size_t>(found - values.nights.begin());
}

}  // namespace

int fleet_command(const Options& options) {
  check_out(options.json_file, options.force, "--json");
  const std::string& path = options.history.file;
  const Archive archive = archive_from(path, options.history.night);
  const FleetValues values = fleet_values(archive);
  const std::size_t night = chosen_night(values, options);
  FleetReport report = judge_fleet_night(values, night, contexts_of(path, archive, values.nights[night].night));
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
