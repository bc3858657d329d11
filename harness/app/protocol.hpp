#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/device.hpp"
#include "harness/gpu_node.hpp"
#include "harness/result.hpp"
#include "harness/suite.hpp"

namespace gpubench {

// What conductor and worker say to each other: one order down, events up, JSON only on the wire.

/// One case of the plan, by what names it; `name` is the row's, with @device where needed.
struct CaseKey {
  std::string suite{};
  std::string run_name{};
  std::string device{};
  std::string name{};
  std::string uuid{};  ///< of the device; numbers move up when another falls off the bus
};

/// What a worker shall do: say what it finds, or run cases in this order.
struct Order {
  enum class Task { probe, run };
  Task task = Task::probe;
  bool under_load = false;            ///< probe: read again what idle GPUs do not show (Backend::read_under_load)
  std::string device = "all";         ///< as --device has it: back-ends that it rules out are not loaded
  std::vector<std::string> suites{};  ///< probe: list the cases of these
  SuiteOptions options{};
  std::vector<CaseKey> cases{};  ///< run: these
  int launch = 0, launches = 1;
  double case_seconds = 60;  ///< measuring time of one case
};

/// First of all: what is there.
struct Hello {
  std::vector<DeviceInfo> devices{};
  std::vector<std::string> absent{};                 ///< why a back-end has no device, a sentence each
  std::optional<GpuNode> gpus{};                     ///< none from a machine without a back-end for them
  std::map<std::string, std::string> environment{};  ///< as the libraries see it
};
/// A case that a probed suite has on a device.
struct Candidate {
  CaseResult row{};  ///< identity and cost, nothing measured
  bool own_worker = false;
  std::optional<std::string> why_not{};
  std::string uuid{};  ///< of the device; empty for a CPU
};
struct Begin {
  std::string name{};
};
/// A sign of life: what the worker is busy with.
struct Doing {
  std::string what{};
};
struct Finished {
  CaseResult row{};
  bool device_lost = false;  ///< the worker runs nothing more
};
/// The order was carried out. A worker that ends without it died.
struct End {};
/// The order could not be carried out at all.
struct Refused {
  std::string why{};
};
using Event = std::variant<Hello, Candidate, Begin, Doing, Finished, End, Refused>;

std::string text_of(const Order& order);
std::string text_of(const Event& event);  ///< one line, without its end
/// @throws UsageError naming what is missing
Order order_from(const std::string& text);
Event event_from(const std::string& line);

}  // namespace gpubench
