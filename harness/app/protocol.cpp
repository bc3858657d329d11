#include "harness/app/protocol.hpp"

#include <algorithm>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/measurement_json.hpp"

namespace gpubench {
namespace {

template <class T>
std::optional<T> optional_at(const Json& json, const char* key) {
  const Json& value = json.at(key);
  return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

std::vector<std::string> names_of(const std::vector<Distribution>& data) {
  std::vector<std::string> names;
  for (const Distribution one : data) names.emplace_back(name(one));
  return names;
}
std::vector<Distribution> distributions_from(const std::vector<std::string>& names) {
  std::vector<Distribution> data;
  for (const Distribution one : all_distributions)
    if (std::ranges::find(names, name(one)) != names.end()) data.push_back(one);
  return data;
}

Json to_json(const SuiteOptions& options) {
  return {{"batch", or_null(options.batch)},
          {"epoch_items", or_null(options.epoch_items)},
          {"sequence", options.sequence},
          {"accumulate", options.accumulate},
          {"full_epoch", options.full_epoch},
          {"thorough", options.thorough},
          {"graphs", options.graphs},
          {"data", names_of(options.data)},
          {"seed", options.seed}};
}

SuiteOptions options_from(const Json& json) {
  return {.batch = optional_at<int>(json, "batch"),
          .epoch_items = optional_at<std::int64_t>(json, "epoch_items"),
          .sequence = json.at("sequence"),
          .accumulate = json.at("accumulate"),
          .full_epoch = json.at("full_epoch"),
          .thorough = json.at("thorough"),
          .graphs = json.at("graphs"),
          .data = distributions_from(json.at("data")),
          .seed = json.at("seed")};
}

Json to_json(const CaseKey& key) {
  return {
      {"suite", key.suite}, {"run_name", key.run_name}, {"device", key.device}, {"name", key.name}, {"uuid", key.uuid}};
}

CaseKey key_from(const Json& json) {
  return {.suite = json.at("suite"),
          .run_name = json.at("run_name"),
          .device = json.at("device"),
          .name = json.at("name"),
          .uuid = json.at("uuid")};
}

// One overload an event: what it carries beside its name.
struct ToJson {
  Json operator()(const Hello& hello) const {
    Json devices = Json::array();
    for (const DeviceInfo& device : hello.devices) devices.push_back(gpubench::to_json(device));
    return {{"event", "hello"},
            {"devices", devices},
            {"absent", hello.absent},
            {"gpus", gpubench::to_json(hello.gpus)},
            {"environment", hello.environment}};
  }
  Json operator()(const Candidate& one) const {
    return {{"event", "case"},
            {"row", gpubench::to_json(one.row)},
            {"own_worker", one.own_worker},
            {"uuid", one.uuid},
            {"why_not", or_null(one.why_not)}};
  }
  Json operator()(const Begin& begin) const { return {{"event", "begin"}, {"name", begin.name}}; }
  Json operator()(const Doing& doing) const { return {{"event", "doing"}, {"what", doing.what}}; }
  Json operator()(const Finished& finished) const {
    return {{"event", "result"}, {"row", gpubench::to_json(finished.row)}, {"device_lost", finished.device_lost}};
  }
  Json operator()(const End&) const { return {{"event", "end"}}; }
  Json operator()(const Refused& refused) const { return {{"event", "refused"}, {"why", refused.why}}; }
};

Hello hello_from(const Json& json) {
  Hello hello{
      .absent = json.at("absent"), .gpus = gpu_node_from_json(json.at("gpus")), .environment = json.at("environment")};
  for (const Json& device : json.at("devices")) hello.devices.push_back(device_from_json(device));
  return hello;
}

Event event_from(const Json& json) {
  const std::string event = json.at("event");
  if (event == "hello") return hello_from(json);
  if (event == "case")
    return Candidate{.row = row_from_json(json.at("row")),
                     .own_worker = json.at("own_worker"),
                     .why_not = optional_at<std::string>(json, "why_not"),
                     .uuid = json.at("uuid")};
  if (event == "begin") return Begin{json.at("name")};
  if (event == "doing") return Doing{json.at("what")};
  if (event == "result") return Finished{row_from_json(json.at("row")), json.at("device_lost")};
  if (event == "end") return End{};
  if (event == "refused") return Refused{json.at("why")};
  throw UsageError("unknown event " + event);
}

Order order_from(const Json& json) {
  Order order{.task = json.at("task") == "probe" ? Order::Task::probe : Order::Task::run,
              .under_load = json.at("under_load"),
              .device = json.at("device"),
              .suites = json.at("suites"),
              .options = options_from(json.at("options")),
              .launch = json.at("launch"),
              .launches = json.at("launches"),
              .case_seconds = json.at("case_seconds")};
  for (const Json& key : json.at("cases")) order.cases.push_back(key_from(key));
  return order;
}

/// Library texts may hold bytes that are no UTF-8; they must not cost the line they are in.
std::string line_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

template <class Read>
auto parsed(const std::string& text, Read read) {
  try {
    return read(Json::parse(text));
  } catch (const nlohmann::json::exception& error) {
    throw UsageError(error.what());
  }
}

}  // namespace

std::string text_of(const Order& order) {
  Json cases = Json::array();
  for (const CaseKey& key : order.cases) cases.push_back(to_json(key));
  return line_of({{"task", order.task == Order::Task::probe ? "probe" : "run"},
                  {"under_load", order.under_load},
                  {"device", order.device},
                  {"suites", order.suites},
                  {"options", to_json(order.options)},
                  {"cases", cases},
                  {"launch", order.launch},
                  {"launches", order.launches},
                  {"case_seconds", order.case_seconds}});
}

std::string text_of(const Event& event) { return line_of(std::visit(ToJson{}, event)); }

Order order_from(const std::string& text) {
  return parsed(text, [](const Json& json) { return order_from(json); });
}

Event event_from(const std::string& line) {
  return parsed(line, [](const Json& json) { return event_from(json); });
}

}  // namespace gpubench
