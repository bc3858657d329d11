#include "reports/finite_numbers.hpp"
#include "reports/json.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {
namespace {

Json to_json(const Host::Cache& cache) {
  return {{"type", cache.type}, {"level", cache.level}, {"bytes", cache.bytes}, {"sharing", cache.sharing}};
}

Host::Cache cache_from_json(const ObjectReader& reader) {
  return {.type = reader.text("type"),
          .level = reader.small_integer("level"),
          .bytes = reader.integer("bytes"),
          .sharing = reader.small_integer("sharing")};
}

}  // namespace

Json to_json(const Library& library) {
  return {{"name", library.name}, {"version", library.version}, {"path", library.path}, {"missing", library.missing}};
}

Library library_from_json(const Json& json, const std::string& place) {
  const ObjectReader reader(json, place);
  return {.name = reader.text("name"),
          .version = reader.text("version"),
          .path = reader.text("path"),
          .missing = reader.text("missing")};
}

Json to_json(const DeviceInfo& device) {
  FiniteNumbers finite;
  Json json{{"id", device.id},
            {"kind", device.kind},
            {"model", device.model},
            {"uuid", device.uuid},
            {"pci", device.pci},
            {"cores", device.cores},
            {"isa", device.isa},
            {"features", device.features},
            {"memory_bytes", finite("memory_bytes", device.memory_bytes)},
            {"libraries", Json::array()}};
  for (const Library& library : device.libraries) json["libraries"].push_back(to_json(library));
  return json;
}

DeviceInfo device_from_json(const Json& json, const std::string& place) {
  const ObjectReader reader(json, place);
  DeviceInfo device{.id = reader.text("id"),
                    .kind = reader.text("kind"),
                    .model = reader.text("model"),
                    .uuid = reader.text("uuid"),
                    .pci = reader.text_or_none("pci"),  // the first files had none
                    .cores = reader.small_integer("cores"),
                    .isa = reader.text("isa"),
                    .features = reader.texts("features"),
                    .memory_bytes = reader.number("memory_bytes")};
  for (const ObjectReader& library : reader.objects("libraries"))
    device.libraries.push_back(library_from_json(library.json(), library.place()));
  return device;
}

Json to_json(const Host& host) {
  FiniteNumbers finite;
  Json json{{"name", host.name},
            {"cpu_model", host.cpu_model},
            {"logical_cpus", host.logical_cpus},
            {"usable_cpus", host.usable_cpus},
            {"mhz", finite("mhz", host.mhz)},
            {"frequency_scaling", host.frequency_scaling},
            {"governor", host.governor},
            {"caches", Json::array()},
            {"load_average", host.load_average},
            {"numa_nodes", host.numa_nodes},
            {"memory_bytes", finite("memory_bytes", host.memory_bytes)},
            {"kernel", host.kernel},
            {"operating_system", host.operating_system},
            {"container", host.container}};
  for (const Host::Cache& cache : host.caches) json["caches"].push_back(to_json(cache));
  return json;
}

Host host_from_json(const Json& json, const std::string& place) {
  const ObjectReader reader(json, place);
  Host host{.name = reader.text("name"),
            .cpu_model = reader.text("cpu_model"),
            .logical_cpus = reader.small_integer("logical_cpus"),
            .usable_cpus = reader.small_integer("usable_cpus"),
            .mhz = reader.number("mhz"),
            .frequency_scaling = reader.flag("frequency_scaling"),
            .governor = reader.text("governor"),
            .load_average = reader.numbers("load_average"),
            .numa_nodes = reader.small_integer("numa_nodes"),
            .memory_bytes = reader.number("memory_bytes"),
            .kernel = reader.text("kernel"),
            .operating_system = reader.text("operating_system"),
            .container = reader.text("container")};
  for (const ObjectReader& cache : reader.objects("caches")) host.caches.push_back(cache_from_json(cache));
  return host;
}

}  // namespace gpubench
