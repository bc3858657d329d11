#include "reports/history/missing.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "reports/verdict/rules.hpp"

namespace gpubench {
namespace {

/// Whether a device that was measured before is there tonight. @returns why not; empty: it is
std::string why_gone(const std::string& device, const std::vector<Context>& contexts) {
  if (!device.starts_with("GPU-") && !device.starts_with("FAKE-")) return {};  // slices come and go with their layout
  for (const Context& context : contexts) {
    for (const DeviceInfo& one : context.devices)
      if (one.uuid == device) return {};
    if (!context.gpus) continue;
    for (const Gpu& gpu : context.gpus->gpus)
      if (gpu.uuid == device) return gpu.lost;
  }
  return "it is not among the devices of this run";
}

int level_at(const Archive& archive, std::size_t series, const std::string& start) {
  const auto levels = archive.levels.find(series);
  if (levels == archive.levels.end()) return 0;
  return static_cast<int>(
      std::ranges::count_if(levels->second, [&](const KeptLevel& level) { return level.start <= start; }));
}

}  // namespace

Missing find_missing(const Archive& archive,
                     const std::vector<Series>& past,
                     const std::vector<Night>& nights,
                     const std::string& start,
                     const std::map<CasePlace, bool>& there,
                     const std::vector<Context>& contexts) {
  Missing missing;
  const std::size_t window = std::min<std::size_t>(nights.size(), default_rules.window_nights);
  const std::string oldest = window == 0 ? "" : nights[nights.size() - window].name;
  std::set<CasePlace> seen;
  std::map<std::string, std::string> gone;
  for (std::size_t i = 0; i < past.size(); ++i) {
    const Series& series = past[i];
    if (series.past.empty() || series.past.back().night < oldest) continue;
    if (series.past.back().level != level_at(archive, i, start)) continue;
    const CasePlace place = place_of(series.key);
    const auto tonight = there.find(place);
    if ((tonight != there.end() && tonight->second) || !seen.insert(place).second) continue;
    const std::string day = series.past.back().night.substr(0, 8);
    if (tonight != there.end()) {
      missing.unsupported.emplace(place, day);
      continue;
    }
    if (const std::string why = why_gone(series.key.device, contexts); !why.empty()) gone[series.key.device] = why;
    missing.cases.push_back({.key = series.key,
                             .figure = archive.series[i].figure,
                             .status = Status::not_run,
                             .missing = true,
                             .reason = fmt::format("not in this run; it ran on {}", day)});
  }
  for (auto& [device, why] : gone) missing.gone.push_back({.device = device, .reason = why});
  return missing;
}

}  // namespace gpubench
