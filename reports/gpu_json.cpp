#include <array>
#include <optional>
#include <string>
#include <utility>

#include "reports/finite_numbers.hpp"
#include "reports/json.hpp"
#include "reports/measurement_json.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {
namespace {

// What a GPU tells, or does not. Each list is read both ways, so that nothing is written that is not read.

template <class T>
using Field = std::pair<const char*, std::optional<T> Gpu::*>;

constexpr std::array<Field<double>, 10> numbers{{{"sm_clock_now", &Gpu::sm_clock_now},
                                                 {"sm_clock_limit", &Gpu::sm_clock_limit},
                                                 {"sm_clock_application", &Gpu::sm_clock_application},
                                                 {"memory_clock_now", &Gpu::memory_clock_now},
                                                 {"memory_clock_limit", &Gpu::memory_clock_limit},
                                                 {"memory_clock_application", &Gpu::memory_clock_application},
                                                 {"power_watts", &Gpu::power_watts},
                                                 {"power_limit_watts", &Gpu::power_limit_watts},
                                                 {"default_power_limit_watts", &Gpu::default_power_limit_watts},
                                                 {"celsius", &Gpu::celsius}}};
constexpr std::array<Field<int>, 4> small_integers{{{"numa_node", &Gpu::numa_node},
                                                    {"memory_bus_bits", &Gpu::memory_bus_bits},
                                                    {"rows_remapped_corrected", &Gpu::rows_remapped_corrected},
                                                    {"rows_remapped_uncorrected", &Gpu::rows_remapped_uncorrected}}};
constexpr std::array<Field<std::int64_t>, 2> integers{
    {{"ecc_corrected", &Gpu::ecc_corrected}, {"ecc_uncorrected", &Gpu::ecc_uncorrected}}};
constexpr std::array<Field<bool>, 7> flags{{{"persistence", &Gpu::persistence},
                                            {"ecc", &Gpu::ecc},
                                            {"ecc_pending", &Gpu::ecc_pending},
                                            {"row_remap_pending", &Gpu::row_remap_pending},
                                            {"row_remap_failed", &Gpu::row_remap_failed},
                                            {"mig", &Gpu::mig},
                                            {"mig_pending", &Gpu::mig_pending}}};

Json to_json(const GpuLink& link) {
  FiniteNumbers finite;
  return {{"index", link.index},
          {"active", link.active},
          {"bytes_per_second", finite("bytes_per_second", link.bytes_per_second)},
          {"remote", link.remote},
          {"remote_pci", link.remote_pci},
          {"errors", Json(link.errors)}};
}

GpuLink link_from_json(const ObjectReader& reader) {
  return {.index = reader.small_integer("index"),
          .active = reader.flag("active"),
          .bytes_per_second = reader.number("bytes_per_second"),
          .remote = reader.text("remote"),
          .remote_pci = reader.text("remote_pci"),
          .errors = reader.integers_by_name("errors")};
}

Json to_json(const GpuPcie& pcie) {
  return {{"generation", pcie.generation},
          {"width", pcie.width},
          {"max_generation", pcie.max_generation},
          {"max_width", pcie.max_width},
          {"under_load", pcie.under_load},
          {"replays", or_null(pcie.replays)}};
}

GpuPcie pcie_from_json(const ObjectReader& reader) {
  return {.generation = reader.small_integer("generation"),
          .width = reader.small_integer("width"),
          .max_generation = reader.small_integer("max_generation"),
          .max_width = reader.small_integer("max_width"),
          .under_load = reader.flag("under_load"),
          .replays = reader.integer_if_any("replays")};
}

Json to_json(const Gpu& gpu) {
  FiniteNumbers finite;
  Json json{{"index", gpu.index},
            {"name", gpu.name},
            {"uuid", gpu.uuid},
            {"pci", gpu.pci},
            {"vbios", gpu.vbios},
            {"compute_capability", gpu.compute_capability},
            {"memory_bytes", finite("memory_bytes", gpu.memory_bytes)},
            {"memory_used_bytes", finite("memory_used_bytes", gpu.memory_used_bytes)},
            {"lost", gpu.lost}};
  for (const auto& [key, field] : numbers) json[key] = gpu.*field ? finite(key, *(gpu.*field)) : Json(nullptr);
  for (const auto& [key, field] : small_integers) json[key] = or_null(gpu.*field);
  for (const auto& [key, field] : integers) json[key] = or_null(gpu.*field);
  for (const auto& [key, field] : flags) json[key] = or_null(gpu.*field);
  json["slowdown_reasons"] = gpu.slowdown_reasons;
  json["mig_devices"] = gpu.mig_devices;
  json["fabric"] = gpu.fabric;
  json["pcie"] = to_json(gpu.pcie);
  json["links"] = Json::array();
  for (const GpuLink& link : gpu.links) json["links"].push_back(to_json(link));
  json["processes"] = nullptr;  // not told; none is an empty list
  if (gpu.processes) {
    json["processes"] = Json::array();
    for (const GpuProcess& process : *gpu.processes)
      json["processes"].push_back(
          {{"pid", process.pid}, {"memory_bytes", finite("memory_bytes", process.memory_bytes)}});
  }
  return json;
}

Gpu gpu_from_json(const ObjectReader& reader) {
  Gpu gpu{.index = reader.small_integer("index"),
          .name = reader.text("name"),
          .uuid = reader.text("uuid"),
          .pci = reader.text("pci"),
          .vbios = reader.text("vbios"),
          .compute_capability = reader.text("compute_capability"),
          .memory_bytes = reader.number("memory_bytes"),
          .memory_used_bytes = reader.number("memory_used_bytes"),
          .lost = reader.text("lost")};
  for (const auto& [key, field] : numbers) gpu.*field = reader.number_if_any(key);
  for (const auto& [key, field] : small_integers) gpu.*field = reader.small_integer_if_any(key);
  for (const auto& [key, field] : integers) gpu.*field = reader.integer_if_any(key);
  for (const auto& [key, field] : flags) gpu.*field = reader.flag_if_any(key);
  gpu.slowdown_reasons = reader.texts("slowdown_reasons");
  gpu.mig_devices = reader.texts("mig_devices");
  gpu.fabric = reader.text("fabric");
  gpu.pcie = pcie_from_json(reader.object("pcie"));
  for (const ObjectReader& link : reader.objects("links")) gpu.links.push_back(link_from_json(link));
  if (!reader.has("processes")) return gpu;
  gpu.processes.emplace();
  for (const ObjectReader& process : reader.objects("processes"))
    gpu.processes->push_back({.pid = process.integer("pid"), .memory_bytes = process.number("memory_bytes")});
  return gpu;
}

}  // namespace

Json to_json(const std::optional<GpuNode>& node) {
  if (!node) return nullptr;
  Json json{{"driver", node->driver},
            {"driver_cuda", node->driver_cuda},
            {"plugin_cuda", node->plugin_cuda},
            {"plugin", node->plugin},
            {"why_not", node->why_not},
            {"nvml_missing", node->nvml_missing},
            {"libraries", Json::array()},
            {"gpus", Json::array()}};
  for (const Library& library : node->libraries) json["libraries"].push_back(to_json(library));
  for (const Gpu& gpu : node->gpus) json["gpus"].push_back(to_json(gpu));
  return json;
}

std::optional<GpuNode> gpu_node_from_json(const Json& json, const std::string& place) {
  if (json.is_null()) return std::nullopt;
  const ObjectReader reader(json, place);
  GpuNode node{.driver = reader.text("driver"),
               .driver_cuda = reader.small_integer("driver_cuda"),
               .plugin_cuda = reader.small_integer("plugin_cuda"),
               .plugin = reader.text("plugin"),
               .why_not = reader.text("why_not"),
               .nvml_missing = reader.text("nvml_missing")};
  for (const ObjectReader& library : reader.objects("libraries"))
    node.libraries.push_back(library_from_json(library.json(), library.place()));
  for (const ObjectReader& gpu : reader.objects("gpus")) node.gpus.push_back(gpu_from_json(gpu));
  return node;
}

}  // namespace gpubench
