#include "reports/gpu_checks.hpp"

#include <algorithm>
#include <functional>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/gpu_subjects.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;
using Subject = std::function<Check(const Gpu&)>;

/// GPUs that say the same of a subject.
struct Alike {
  Check check{};
  std::vector<int> gpus{};  ///< their indices, rising
};

/// `0-2, 5`
std::string ranges_of(const std::vector<int>& indices) {
  std::vector<std::string> texts;
  for (std::size_t first = 0; first < indices.size();) {
    std::size_t last = first;
    while (last + 1 < indices.size() && indices[last + 1] == indices[last] + 1) ++last;
    texts.push_back(first == last ? fmt::format("{}", indices[first])
                                  : fmt::format("{}-{}", indices[first], indices[last]));
    first = last + 1;
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string name_of(const std::vector<int>& gpus) {
  return fmt::format("{} {}", gpus.size() == 1 ? "gpu" : "gpus", ranges_of(gpus));
}

bool same(const Check& a, const Check& b) {
  return std::tie(a.found, a.needed, a.verdict, a.advice) == std::tie(b.found, b.needed, b.verdict, b.advice);
}

std::vector<Alike> alike(const std::vector<const Gpu*>& gpus, const Subject& subject) {
  std::vector<Alike> all;
  for (const Gpu* gpu : gpus) {
    const Check check = subject(*gpu);
    auto one = std::ranges::find_if(all, [&](const Alike& other) { return same(other.check, check); });
    if (one == all.end()) one = all.insert(all.end(), Alike{.check = check});
    one->gpus.push_back(gpu->index);
  }
  return all;
}

/// What all have in common, and behind it who says something else.
struct Condensed {
  Checks shared{};
  std::vector<std::pair<int, Check>> apart{};  ///< with the index of the first GPU that it is about
};

/// Those that are well, in one line: `node 0 (0-3), node 1 (4-7)`.
void share(Condensed& condensed, const std::vector<Alike>& well, std::size_t gpus) {
  if (well.empty()) return;
  Check check = well.front().check;
  check.group = "gpus";
  std::vector<std::string> texts;
  texts.reserve(well.size());
  for (const Alike& one : well) texts.push_back(fmt::format("{} ({})", one.check.found, name_of(one.gpus)));
  if (well.front().gpus.size() < gpus) check.found = fmt::format("{}", fmt::join(texts, ", "));
  condensed.shared.push_back(std::move(check));
}

void add(Condensed& condensed, const std::vector<const Gpu*>& gpus, const Subject& subject) {
  std::vector<Alike> well;
  for (Alike& one : alike(gpus, subject)) {
    if (one.check.verdict == ok) {
      well.push_back(std::move(one));
    } else if (one.gpus.size() == gpus.size()) {
      one.check.group = "gpus";
      condensed.shared.push_back(std::move(one.check));
    } else {
      one.check.group = name_of(one.gpus);
      condensed.apart.emplace_back(one.gpus.front(), std::move(one.check));
    }
  }
  share(condensed, well, gpus.size());
}

/// One that is lost may not tell more than its name: what the first of its model tells holds for it.
Check model_check(const GpuNode& node, const Gpu& one) {
  const Gpu& gpu = *std::ranges::find(node.gpus, one.name, &Gpu::name);
  const auto count = std::ranges::count(node.gpus, one.name, &Gpu::name);
  std::string found = count > 1 ? fmt::format("{} x {}", count, gpu.name) : gpu.name;
  if (gpu.memory_bytes > 0) found += fmt::format(", {:.1f} GiB", gpu.memory_bytes / 0x1p30);  // as its name counts
  if (!gpu.compute_capability.empty()) found += ", compute capability " + gpu.compute_capability;
  return {.name = "model", .found = std::move(found)};
}

/// Their temperatures as a range: nobody needs one for each while all are well.
void add_temperatures(Condensed& condensed, const std::vector<const Gpu*>& gpus) {
  std::vector<double> well;
  std::vector<int> who;
  for (const Gpu* gpu : gpus) {
    if (!gpu->celsius || temperature_check(*gpu).verdict != ok) continue;
    well.push_back(*gpu->celsius);
    who.push_back(gpu->index);
  }
  const std::size_t before = condensed.shared.size();
  add(condensed, gpus, temperature_check);
  if (well.size() < 2 || condensed.shared.size() == before || condensed.shared.back().verdict != ok) return;
  const auto [low, high] = std::ranges::minmax(well);
  condensed.shared.back().found =
      (low < high ? fmt::format("{:.0f} to {:.0f} °C", low, high) : fmt::format("{:.0f} °C", low)) +
      (who.size() < gpus.size() ? fmt::format(" ({})", name_of(who)) : "");
}

void add_lost(Condensed& condensed, const GpuNode& node) {
  for (const Gpu& gpu : node.gpus)
    if (!gpu.lost.empty())
      condensed.apart.emplace_back(
          gpu.index,
          Check{.group = name_of({gpu.index}),
                .name = "answers",
                .found = gpu.pci.empty() ? "no longer" : fmt::format("no longer (PCI {})", gpu.pci),
                .needed = "a GPU that does",
                .verdict = error,
                .advice = gpu.lost + "; until then no case runs on it; have it looked at if that comes again"});
}

}  // namespace

Checks gpu_checks(const GpuNode& node, const GpuSurroundings& surroundings) {
  if (node.gpus.empty()) return {};
  std::vector<const Gpu*> answering, named;
  for (const Gpu& gpu : node.gpus) {
    if (gpu.lost.empty()) answering.push_back(&gpu);
    if (!gpu.name.empty()) named.push_back(&gpu);
  }
  Condensed condensed;
  add(condensed, named, [&](const Gpu& gpu) { return model_check(node, gpu); });
  add_lost(condensed, node);
  for (const Subject& subject : {Subject([&](const Gpu& gpu) { return link_check(gpu, node); }),
                                 Subject(link_error_check),
                                 Subject(fabric_check),
                                 Subject(pcie_check),
                                 Subject([&](const Gpu& gpu) { return numa_check(gpu, surroundings); }),
                                 Subject(clock_check),
                                 Subject(slowdown_check),
                                 Subject(power_check)})
    add(condensed, answering, subject);
  add_temperatures(condensed, answering);
  for (const auto subject : {ecc_check, row_check, mig_check, persistence_check, process_check})
    add(condensed, answering, subject);
  std::ranges::stable_sort(condensed.apart, {}, [](const auto& one) { return std::pair(one.first, one.second.group); });
  Checks checks = std::move(condensed.shared);
  if (node.gpus.size() == 1)
    for (Check& check : checks) check.group = name_of({node.gpus.front().index});
  for (auto& [gpu, check] : condensed.apart) checks.push_back(std::move(check));
  return checks;
}

}  // namespace gpubench
