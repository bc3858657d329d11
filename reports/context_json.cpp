#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {
namespace {

Json google_caches(const Host& host) {
  Json caches = Json::array();
  for (const Host::Cache& cache : host.caches)
    caches.push_back(
        {{"type", cache.type}, {"level", cache.level}, {"size", cache.bytes}, {"num_sharing", cache.sharing}});
  return caches;
}

/// What Google Benchmark's own tools expect to find.
void put_google_keys(Json& json, const Context& context) {
  const Host& host = context.host;
  json["date"] = context.start;
  json["host_name"] = host.name;
  json["executable"] = context.command_line.empty() ? "gpubench" : context.command_line.front();
  json["num_cpus"] = host.logical_cpus;
  json["mhz_per_cpu"] = host.mhz;
  json["cpu_scaling_enabled"] = host.frequency_scaling;
  json["caches"] = google_caches(host);
  json["load_avg"] = host.load_average;
  json["library_build_type"] = context.build.type == "Debug" ? "debug" : "release";
}

Json to_json(const Build& build) {
  return {{"compiler", build.compiler}, {"type", build.type}, {"flags", build.flags}};
}

template <class List>
Json array_of(const List& list) {
  Json array = Json::array();
  for (const auto& one : list) array.push_back(gpubench::to_json(one));
  return array;
}

}  // namespace

Json to_json(const Context& context) {
  Json json;
  put_google_keys(json, context);
  Json ours;
  ours["schema"] = schema_version;
  ours["version"] = context.build.version;
  ours["commit"] = context.build.commit;
  ours["command_line"] = context.command_line;
  ours["seed"] = context.seed;
  ours["host"] = to_json(context.host);
  ours["start"] = context.start;
  ours["end"] = context.end;
  ours["devices"] = array_of(context.devices);
  ours["absent"] = context.absent;
  ours["gpus"] = to_json(context.gpus);
  ours["environment"] = Json(context.environment);
  ours["digest"] = context.digest;
  ours["build"] = to_json(context.build);
  json["gpubench"] = std::move(ours);
  return json;
}

Context context_from_json(const Json& json, const std::string& place) {
  const ObjectReader reader(json, place);
  if (!reader.has("gpubench"))
    throw UsageError("no context.gpubench: not a gpubench run file; gpubench import reads other tools' files");
  const ObjectReader ours = reader.object("gpubench");
  const int schema = ours.small_integer("schema");
  if (schema != schema_version)
    ours.complain("schema", fmt::format("version {}, this gpubench reads version {}", schema, schema_version));
  const ObjectReader build = ours.object("build");
  Context context{.build = {.version = ours.text("version"),
                            .commit = ours.text("commit"),
                            .compiler = build.text("compiler"),
                            .type = build.text("type"),
                            .flags = build.text("flags")},
                  .command_line = ours.texts("command_line"),
                  .seed = ours.seed("seed"),
                  .start = ours.text("start"),
                  .end = ours.text("end"),
                  .host = host_from_json(ours.object("host").json(), ours.place() + "/host")};
  for (const ObjectReader& device : ours.objects("devices"))
    context.devices.push_back(device_from_json(device.json(), device.place()));
  context.absent = ours.texts("absent");
  if (ours.has("gpus")) context.gpus = gpu_node_from_json(ours.object("gpus").json(), ours.place() + "/gpus");
  context.environment = ours.texts_by_name("environment");
  context.digest = ours.text("digest");
  return context;
}

}  // namespace gpubench
