#include "harness/devices/cuda/nvml/gpu_links.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "harness/environment/system_file.hpp"

namespace gpubench::nvml {
namespace {

constexpr std::pair<LinkError, const char*> link_errors[] = {{LinkError::replay, "replay"},
                                                             {LinkError::recovery, "recovery"},
                                                             {LinkError::crc_flit, "crc_flit"},
                                                             {LinkError::crc_data, "crc_data"},
                                                             {LinkError::ecc_data, "ecc_data"}};

std::string text_of(LinkRemote remote) {
  switch (remote) {
    case LinkRemote::gpu: return "gpu";
    case LinkRemote::npu: return "cpu";  // IBM's name for the unit of a POWER9 that a link ends in
    case LinkRemote::nvswitch: return "switch";
    case LinkRemote::unknown: break;
  }
  return {};
}

GpuLink link(GpuReader& gpu, unsigned index, bool active) {
  GpuLink link{.index = static_cast<int>(index), .active = active};
  link.errors = link_errors_of(gpu, index);
  if (!active) return link;
  // Not from NvLinkVersion: that is a number of the header's own, which H100 and public code disagree on.
  link.bytes_per_second = 1e6 * gpu.field(field::nvlink_megabytes_per_second, index).value_or(0);
  if (const auto remote = gpu.get<LinkRemote>(gpu.nvml().nvmlDeviceGetNvLinkRemoteDeviceType, index))
    link.remote = text_of(*remote);
  if (const auto remote = gpu.get<PciInfo>(gpu.nvml().nvmlDeviceGetNvLinkRemotePciInfo_v2, index))
    link.remote_pci = remote->id;
  return link;
}

}  // namespace

std::map<std::string, std::int64_t> link_errors_of(GpuReader& gpu, unsigned link) {
  std::map<std::string, std::int64_t> errors;
  for (const auto& [counter, name] : link_errors)
    if (const auto count = gpu.get<unsigned long long>(gpu.nvml().nvmlDeviceGetNvLinkErrorCounter, link, counter))
      errors[name] = static_cast<std::int64_t>(*count);
  return errors;
}

std::vector<GpuLink> links_of(GpuReader& gpu) {
  std::vector<GpuLink> links;
  // The number of links is the driver's, and may be of the chip; the state is told for links that this board has.
  const auto count = static_cast<unsigned>(gpu.field(field::nvlink_count).value_or(most_links));
  for (unsigned index = 0; index < std::min(count, most_links) && !gpu.lost(); ++index)
    if (const auto state = gpu.get<Enabled>(gpu.nvml().nvmlDeviceGetNvLinkState, index))
      links.push_back(link(gpu, index, *state == Enabled::yes));
  return links;
}

std::string fabric_of(GpuReader& gpu) {
  FabricInfo info{};
  info.version = fabric_v2;
  if (!gpu.answers(gpu.nvml().nvmlDeviceGetGpuFabricInfoV, &info)) return {};
  switch (info.state) {
    case fabric::not_supported: return {};
    case fabric::not_started: return "not started";
    case fabric::in_progress: return "in progress";
    case fabric::completed: break;
    default: return fmt::format("state {}", info.state);
  }
  if (info.status != Return::success) return "failed: " + text_of(info.status);
  const bool degraded = (info.health & fabric::bandwidth_mask) == fabric::bandwidth_degraded;
  return degraded ? "completed, bandwidth degraded" : "completed";
}

GpuPcie pcie_of(GpuReader& gpu) {
  const Functions& nvml = gpu.nvml();
  const auto number = [&](const auto& function) { return static_cast<int>(gpu.get<unsigned>(function).value_or(0)); };
  GpuPcie pcie{.generation = number(nvml.nvmlDeviceGetCurrPcieLinkGeneration),
               .width = number(nvml.nvmlDeviceGetCurrPcieLinkWidth),
               .max_generation = number(nvml.nvmlDeviceGetMaxPcieLinkGeneration),
               .max_width = number(nvml.nvmlDeviceGetMaxPcieLinkWidth)};
  if (const auto replays = gpu.get<unsigned>(nvml.nvmlDeviceGetPcieReplayCounter)) pcie.replays = *replays;
  return pcie;
}

std::optional<int> numa_node(const std::filesystem::path& root, const std::string& pci) {
  // NVML writes the domain with eight digits, the kernel with four, and more only where it needs them.
  std::string id = pci.starts_with("0000") ? pci.substr(4) : pci;
  std::transform(id.begin(), id.end(), id.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const std::string text = system_file(root / "sys/bus/pci/devices" / id / "numa_node");
  int node = -1;  // what the kernel writes where the machine has only one, or its firmware is silent
  (void)std::from_chars(text.data(), text.data() + text.size(), node);
  if (node < 0) return std::nullopt;
  return node;
}

}  // namespace gpubench::nvml
