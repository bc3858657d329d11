#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/format.hpp"
#include "reports/gpu_subjects.hpp"

namespace gpubench {
namespace {

using enum CheckVerdict;

std::ptrdiff_t active_links(const Gpu& gpu) { return std::ranges::count(gpu.links, true, &GpuLink::active); }

double fastest_link(const Gpu& gpu) {
  double fastest = 0;
  for (const GpuLink& link : gpu.links)
    if (link.active) fastest = std::max(fastest, link.bytes_per_second);
  return fastest;
}

/// The most that any GPU of the same model has here, this one included.
template <class Value>
auto most_of_peers(const Gpu& gpu, const GpuNode& node, Value value) {
  auto most = value(gpu);
  for (const Gpu& other : node.gpus)
    if (other.name == gpu.name && other.lost.empty()) most = std::max(most, value(other));
  return most;
}

/// A module on a board has all its links up; a card has as many as its bridge joins, to some of its peers, or none.
/// Cards have `PCIe` or `NVL` in their names; modules are told by theirs (`A100-SXM4-80GB`, `H100 80GB HBM3`, `H200`,
/// `B200`), or by a link to a switch; the rest is taken for cards.
bool is_on_a_board(const Gpu& gpu) {
  const auto named = [&](std::initializer_list<const char*> words) {
    return std::ranges::any_of(words, [&](const char* word) { return gpu.name.find(word) != std::string::npos; });
  };
  if (named({"PCIe", "PCIE", "NVL", "GH200"})) return false;
  return named({"SXM", "HBM3", "H200", "B200", "B300"}) ||
         std::ranges::any_of(gpu.links, [](const GpuLink& link) { return link.active && link.remote == "switch"; });
}

/// `link 7`, `links 7, 9`
std::string named(const std::vector<int>& links) {
  return fmt::format("link{} {}", links.size() == 1 ? "" : "s", fmt::join(links, ", "));
}

std::string ends_text(const Gpu& gpu) {
  std::set<std::string> remotes;
  for (const GpuLink& link : gpu.links)
    if (link.active && !link.remote.empty()) remotes.insert(link.remote == "switch" ? "switches" : link.remote + "s");
  return remotes.empty() ? "" : fmt::format(", to {}", fmt::join(remotes, " and "));
}

std::string links_text(const Gpu& gpu) {
  std::string text = fmt::format("{} of {} active", active_links(gpu), gpu.links.size());
  double together = 0;
  for (const GpuLink& link : gpu.links)
    if (link.active) together += link.bytes_per_second;
  if (together > 0)
    text += fmt::format(", {:.4g} GB/s each, {:.4g} GB/s together one way", fastest_link(gpu) / 1e9, together / 1e9);
  return text + ends_text(gpu);
}

Check down(Check check, const std::vector<int>& inactive, const std::string& needed) {
  check.found = fmt::format("{} {} down", named(inactive), inactive.size() == 1 ? "is" : "are");
  check.needed = needed;
  check.verdict = error;
  check.advice =
      "copies between GPUs and collectives are slower, and all GPUs wait for this one: see nvidia-smi nvlink --status, "
      "reset the GPU or reboot, and have the board looked at if it stays down";
  return check;
}

std::string width_text(int generation, int width) { return fmt::format("gen{} x{}", generation, width); }

}  // namespace

Check link_check(const Gpu& gpu, const GpuNode& node) {
  Check check{.name = "NVLink", .found = gpu.links.empty() ? "none" : links_text(gpu)};
  const std::ptrdiff_t active = active_links(gpu), peers = most_of_peers(gpu, node, active_links);
  const auto all = static_cast<std::ptrdiff_t>(gpu.links.size());
  std::vector<int> inactive, slow;
  const double rate = most_of_peers(gpu, node, fastest_link);
  for (const GpuLink& link : gpu.links) {
    if (!link.active) inactive.push_back(link.index);
    // NVML rounds to megabytes: a percent is more than that.
    if (link.active && link.bytes_per_second > 0 && link.bytes_per_second < 0.99 * rate) slow.push_back(link.index);
  }
  // In MIG mode a GPU has no use for its links.
  if (gpu.mig.value_or(false)) return check;
  if (active < peers && is_on_a_board(gpu))
    return down(check, inactive, fmt::format("{} of {} active, as its peers have", peers, all));
  if (active == 0 && all > 0) {
    check.found = fmt::format("none of {} active", all);
    if (node.gpus.size() == 1 || !is_on_a_board(gpu)) return check;
    check.needed = fmt::format("{} active", all);
    check.verdict = warning;
    check.advice =
        "copies between GPUs go over PCIe: start nvidia-fabricmanager of the driver's version; a virtual machine gets "
        "links only together with all GPUs of the board";
    return check;
  }
  if (active < all && is_on_a_board(gpu) && node.gpus.size() > 1)
    return down(check, inactive, fmt::format("all {} active", all));
  if (slow.empty()) return check;
  check.found = fmt::format("{} {} slower than the others", named(slow), slow.size() == 1 ? "is" : "are");
  check.needed = fmt::format("{:.4g} GB/s each, as its peers have", rate / 1e9);
  check.verdict = error;
  check.advice =
      "a link that trained at a lower rate slows whatever goes over it: reset the GPU or reboot, and have the board "
      "looked at if it stays slow";
  return check;
}

Check link_error_check(const Gpu& gpu) {
  std::vector<std::string> texts;
  for (const GpuLink& link : gpu.links)
    for (const auto& [kind, count] : link.errors)
      if (count > 0) texts.push_back(fmt::format("link {}: {} {}", link.index, text_of_count(count), kind));
  const bool told = std::ranges::any_of(gpu.links, [](const GpuLink& link) { return !link.errors.empty(); });
  Check check{.name = "NVLink errors", .found = told ? "none since the driver was loaded" : "not told"};
  if (texts.empty()) return check;
  check.found = fmt::format("{}", fmt::join(texts, ", "));
  check.needed = "none";
  check.verdict = warning;
  check.advice =
      "what arrives broken is sent again, which takes time: if the counts grow during a run (nvidia-smi nvlink -e), "
      "have the link looked at";
  return check;
}

Check fabric_check(const Gpu& gpu) {
  Check check{.name = "fabric manager", .found = gpu.fabric.empty() ? "none here" : gpu.fabric};
  if (gpu.fabric.empty() || gpu.fabric == "completed") return check;
  check.needed = "completed";
  check.verdict = error;
  check.advice = gpu.fabric.starts_with("completed") ? "copies between GPUs are slower than they could be: nvidia-smi "
                                                       "-q tells the fabric's health, and the log of "
                                                       "nvidia-fabricmanager which switch or link is at fault"
                                                     : "the GPU is not part of the NVSwitch fabric, CUDA cannot start "
                                                       "on it: systemctl restart nvidia-fabricmanager, "
                                                       "which must be of the driver's version, and read its log";
  return check;
}

Check pcie_check(const Gpu& gpu) {
  const GpuPcie& pcie = gpu.pcie;
  Check check{.name = "PCIe", .found = "not told"};
  if (pcie.generation == 0 || pcie.width == 0) return check;
  check.found = width_text(pcie.generation, pcie.width);
  if (pcie.replays.value_or(0) > 0) check.found += fmt::format(", {} replays", text_of_count(*pcie.replays));
  const bool below = pcie.generation < pcie.max_generation || pcie.width < pcie.max_width;
  if (!pcie.under_load) {
    check.found += " while idle";  // the link sleeps: that says nothing about a copy
    if (pcie.max_generation > 0) check.found += ", can do " + width_text(pcie.max_generation, pcie.max_width);
    return check;
  }
  check.found += " under load";
  if (!below) return check;
  check.needed = width_text(pcie.max_generation, pcie.max_width);
  check.verdict = warning;
  check.advice =
      "copies between host and GPU are slower than this machine can: reseat the card or its riser, look at the slot's "
      "width and at the PCIe settings of the BIOS";
  return check;
}

Check numa_check(const Gpu& gpu, const GpuSurroundings& surroundings) {
  Check check{.name = "NUMA", .found = "the host has one node"};
  if (gpu.numa_node && *gpu.numa_node >= 0) check.found = fmt::format("node {}", *gpu.numa_node);
  if (surroundings.numa_nodes < 2 || (gpu.numa_node && *gpu.numa_node >= 0)) return check;
  check.found = "not told";
  check.needed = fmt::format("one of the host's {} nodes", surroundings.numa_nodes);
  check.verdict = warning;
  check.advice =
      "copies from and to the far processor's memory are slower, and nobody can tell which is near: have the BIOS (or "
      "the virtual machine's definition) pass the GPU's node on";
  return check;
}

}  // namespace gpubench
