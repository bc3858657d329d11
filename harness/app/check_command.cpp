#include "harness/app/check_command.hpp"

#include <set>

#include <fmt/format.h>

#include "harness/app/output.hpp"
#include "harness/app/screen.hpp"
#include "harness/core/error.hpp"
#include "reports/history/check_report.hpp"
#include "reports/history/checked.hpp"
#include "reports/history/history.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

/// Contexts tell which devices a node had, and what of it changed.
Archive known_nights(const Options& options, const Archive& tonight) {
  if (options.history.baseline) return archive_of(*options.history.baseline);
  HistoryFilter filter{.contexts = true};
  std::set<std::string> nodes;
  for (const KeptRun& run : tonight.runs) nodes.insert(run.node);
  if (nodes.size() == 1) filter.node = *nodes.begin();
  return History(*options.history.history, History::Access::read).read(filter);
}

}  // namespace

int check_command(const Options& options) {
  check_out(options.json_file, options.force, "--json");
  const Archive tonight = archive_of(options.files);
  Archive known = known_nights(options, tonight);
  std::vector<std::string> judged;
  for (const KeptRun& run : tonight.runs) judged.push_back(run.identity);
  merge(known, tonight);
  Checked checked = check_nights(known, judged);
  checked.broken = known.broken;
  const bool json_on_stdout = options.json_file == "-";
  fmt::print(json_on_stdout ? stderr : stdout, "{}", check_text(checked, screen_width()));
  if (options.json_file) {
    const std::string text = to_json(checked).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    if (json_on_stdout)
      fmt::print("{}", text);
    else
      write_text(*options.json_file, text, "verdict");
  }
  return checked.exit_status();
}

}  // namespace gpubench
