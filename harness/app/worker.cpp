#include "harness/app/worker.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <iostream>
#include <iterator>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/app/google_benchmark.hpp"
#include "harness/app/plugins.hpp"
#include "harness/app/protocol.hpp"
#include "harness/app/worker_environment.hpp"
#include "harness/core/error.hpp"
#include "harness/environment/environment_variables.hpp"
#include "harness/environment/host.hpp"

namespace gpubench {
namespace {

/// The worker's end of the events pipe. A library that writes to descriptor 3, or a program that one starts, must not
/// reach it.
class Events {
 public:
  Events() : pipe_(fcntl(events_fd, F_DUPFD_CLOEXEC, 16)) { close(events_fd); }
  Events(const Events&) = delete;
  Events(Events&&) = delete;
  Events& operator=(const Events&) = delete;
  Events& operator=(Events&&) = delete;
  ~Events() { close(pipe_); }

  void tell(const Event& event) const {
    const std::string line = text_of(event) + "\n";
    for (std::size_t at = 0; at < line.size();) {
      const ssize_t wrote = write(pipe_, line.data() + at, line.size() - at);
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote <= 0) _exit(1);  // nobody listens any more
      at += static_cast<std::size_t>(wrote);
    }
  }

 private:
  int pipe_;
};

/// Every case of a suite on every device, with its row's own names filled in.
std::vector<Case> cases_of(const Suite& suite, const SuiteOptions& options, const Devices& found) {
  std::vector<Case> cases;
  if (!suite.lines) return cases;
  for (const Line& line : suite.lines(options))
    for (const auto& device : found.devices)
      for (Case& one : line.cases_on(*device)) {
        one.row.suite = suite.name;
        cases.push_back(std::move(one));
      }
  return cases;
}

bool wanted(const Order& order, std::string_view suite) {
  return std::find(order.suites.begin(), order.suites.end(), suite) != order.suites.end();
}

void probe(const Program& program, const Order& order, const Devices& found, const Events& events) {
  for (const Suite& suite : program.suites) {
    if (!wanted(order, suite.name)) continue;
    for (const Case& one : cases_of(suite, order.options, found)) {
      events.tell(Doing{"looking at " + one.row.run_name});
      Candidate candidate{.row = one.row, .own_worker = one.own_worker, .uuid = one.device->info().uuid};
      try {
        candidate.why_not = one.why_not();
      } catch (const std::exception& error) {
        candidate.why_not = error.what();
      }
      events.tell(candidate);
    }
  }
}

/// Numbers of devices move up when one falls off the bus; a UUID is the device.
bool is_meant(const DeviceInfo& device, const CaseKey& key) {
  return key.uuid.empty() ? device.id == key.device : device.uuid == key.uuid;
}

/// What the order names, in its order. What this process does not have (a device that is gone) stays out: the
/// conductor sees that no result came.
std::vector<Case> ordered(const Program& program, const Order& order, const Devices& found) {
  std::vector<Case> all;
  for (const Suite& suite : program.suites)
    if (wanted(order, suite.name)) std::ranges::move(cases_of(suite, order.options, found), std::back_inserter(all));
  std::vector<Case> cases;
  for (const CaseKey& key : order.cases) {
    const auto one = std::ranges::find_if(all, [&](const Case& c) {
      return c.row.suite == key.suite && c.row.run_name == key.run_name && is_meant(c.device->info(), key);
    });
    if (one == all.end()) continue;
    cases.push_back(*one);
    cases.back().row.name = key.name;
    cases.back().row.device = key.device;
    cases.back().row.launch = order.launch;
    cases.back().row.launches = order.launches;
  }
  return cases;
}

void label_limits(std::vector<Case>& cases) {
  for (const std::string& limit : limits_on_the_cpu())
    for (Case& one : cases)
      if (one.device->info().kind == "cpu") one.row.labels.push_back(limit + " limits this CPU");
}

/// It opens GPUs to look at them and is no neighbour of itself.
std::optional<GpuNode> without_this_process(std::optional<GpuNode> node) {
  if (!node) return node;
  for (Gpu& gpu : node->gpus)
    if (gpu.processes) std::erase_if(*gpu.processes, [](const GpuProcess& one) { return one.pid == getpid(); });
  return node;
}

void carry_out(const Program& program, const Order& order, const Events& events) {
  events.tell(Doing{"looking for devices"});
  Devices found = find_devices(program.backends, order.device);
  if (order.under_load && found.gpus) {
    events.tell(Doing{"keeping each GPU busy for a moment"});
    read_under_load(found);
  }
  Hello hello{.absent = found.absent, .gpus = without_this_process(found.gpus), .environment = environment_variables()};
  for (const auto& device : found.devices) hello.devices.push_back(device->info());
  events.tell(hello);
  if (order.task == Order::Task::probe) {
    probe(program, order, found, events);
  } else {
    std::vector<Case> cases = ordered(program, order, found);
    label_limits(cases);
    const Sampling sampling{.budget_seconds = order.case_seconds};
    run_under_google_benchmark(cases, sampling, [&](const Event& event) { events.tell(event); });
  }
  events.tell(End{});
}

}  // namespace

int work(const Program& program) {
  if (fcntl(events_fd, F_GETFD) < 0) {
    fmt::print(stderr, "gpubench: {} is for the program's own use\n", worker_word);
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const Events events;
  try {
    const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
    const Order order = order_from(text);
    prepare_openmp(capture_host().usable_cpus);
    carry_out(program, order, events);
    return 0;
  } catch (const std::exception& error) {
    events.tell(Refused{error.what()});
    return 1;
  }
}

}  // namespace gpubench
