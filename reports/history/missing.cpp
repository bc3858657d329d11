#include "reports/history/missing.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "reports/verdict/rules.hpp"

namespace gpubench {
namespace {

bool tells_of_gpus(const Context& context) {
  return context.gpus || std::ranges::any_of(context.devices, is_whole_gpu, &DeviceInfo::uuid);
}

/// The night's last word on its GPUs: one may die between two runs, and a run on the CPU alone tells of none.
const Context& last_word(const std::vector<Context>& contexts) {
  const auto last = std::find_if(contexts.rbegin(), contexts.rend(), tells_of_gpus);
  return last == contexts.rend() ? contexts.back() : *last;
}

std::string known_loss(const std::string& device, const Context& context) {
  if (!context.gpus) return {};
  const auto found = std::ranges::find(context.gpus->gpus, device, &Gpu::uuid);
  return found == context.gpus->gpus.end() ? "" : found->lost;
}

}  // namespace

bool is_whole_gpu(const std::string& device) { return device.starts_with("GPU-"); }

std::string why_gone(const std::string& device, const std::vector<Context>& contexts) {
  if (!is_whole_gpu(device) || contexts.empty()) return {};
  const Context& context = last_word(contexts);
  if (const std::string lost = known_loss(device, context); !lost.empty()) return lost;
  const bool is_there =
      std::ranges::find(context.devices, device, &DeviceInfo::uuid) != context.devices.end() ||
      (context.gpus && std::ranges::find(context.gpus->gpus, device, &Gpu::uuid) != context.gpus->gpus.end());
  return is_there ? "" : "it is not among the devices of this run";
}

std::vector<GoneDevice> lost_gpus(const std::vector<Context>& contexts) {
  std::vector<GoneDevice> lost;
  if (contexts.empty() || !last_word(contexts).gpus) return lost;
  for (const Gpu& gpu : last_word(contexts).gpus->gpus)
    if (!gpu.lost.empty()) lost.push_back({.device = gpu.uuid, .reason = gpu.lost});
  return lost;
}

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
  for (const GoneDevice& lost : lost_gpus(contexts)) gone[lost.device] = lost.reason;
  for (std::size_t i = 0; i < past.size(); ++i) {
    const Series& series = past[i];
    if (series.past.empty() || series.past.back().night < oldest) continue;
    if (series.past.back().level != level_at(archive, i, start)) continue;
    // Whatever rows say: those of a GPU that died on the way failed, and are there.
    if (const std::string why = why_gone(series.key.device, contexts); !why.empty()) gone[series.key.device] = why;
    const CasePlace place = place_of(series.key);
    const auto tonight = there.find(place);
    if ((tonight != there.end() && tonight->second) || !seen.insert(place).second) continue;
    const std::string day = series.past.back().night.substr(0, 8);
    if (tonight != there.end()) {
      missing.unsupported.emplace(place, day);
      continue;
    }
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
