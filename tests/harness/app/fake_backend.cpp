#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <unistd.h>

#include "harness/backend.hpp"
#include "harness/core/abi.hpp"
#include "tests/harness/app/fake_kernel.hpp"

namespace gpubench {
namespace {

/// A clock that always reads 0.2 s, so that a case takes no time and is long enough to need no batches.
class FakePlace : public Place {
 public:
  std::string name() const override { return "fake"; }
  std::vector<double> time(Kernel& kernel, int runs, int samples) override {
    for (int i = 0; i < samples; ++i) kernel.enqueue(runs);
    return std::vector<double>(static_cast<std::size_t>(samples), 0.2);
  }
};

class FakeWatch : public Watch {
 public:
  Seen stop() override { return {.readings = {{"temperature", 40.0}}}; }
};

class FakeDevice : public Device {
 public:
  explicit FakeDevice(std::string id) : id_(std::move(id)) {
    catalog_.add<FakeProblem>(
        "faker", {.make = make_fake_kernel, .why_not = [](const FakeProblem& problem) {
                    return problem.act == "unsupported" ? std::optional<std::string>("fakes cannot") : std::nullopt;
                  }});
  }
  DeviceInfo info() const override {
    return {.id = id_, .kind = "fake", .model = "Fake 1000", .uuid = "FAKE-" + id_, .cores = 4, .memory_bytes = 1e9};
  }
  const Catalog& catalog() const override { return catalog_; }
  Place& place() override { return place_; }
  double available_memory() const override { return 1e9; }
  std::optional<double> peak_memory() const override { return 2e6; }
  void reset_peak_memory() override {}
  double cpu_seconds() const override { return 0; }
  std::unique_ptr<Watch> watch() override { return std::make_unique<FakeWatch>(); }

 private:
  std::string id_;
  Catalog catalog_;
  FakePlace place_;
};

/// With FAKE_MARK only the first process that looks finds a device; it leaves that file behind.
bool is_gone() {
  const char* mark = std::getenv("FAKE_MARK");
  if (!mark) return false;
  if (std::filesystem::exists(mark)) return true;
  return !std::ofstream(mark).good();
}

/// With FAKE_GPUS it is a back-end for GPUs: one that this process and another compute on.
std::optional<GpuNode> gpus() {
  if (!std::getenv("FAKE_GPUS")) return std::nullopt;
  return GpuNode{.driver = "580.65.06",
                 .driver_cuda = 13000,
                 .plugin_cuda = 13000,
                 .plugin = FAKE_BACKEND,
                 .gpus = {{.index = 0,
                           .name = "Fake 1000",
                           .uuid = "FAKE-fake:0",
                           .power_limit_watts = 700,
                           .pcie = {.generation = 1, .width = 16, .max_generation = 5, .max_width = 16},
                           .processes = std::vector<GpuProcess>{{.pid = getpid()}, {.pid = 4711}}}}};
}

/// FAKE_ABSENT=fake2: that one finds nothing.
bool is_absent() {
  const char* absent = std::getenv("FAKE_ABSENT");
  return absent && std::string_view(absent) == FAKE_BACKEND;
}

class FakeBackend : public Backend {
 public:
  Found find_devices() override {
    const char* count = std::getenv("FAKE_DEVICES");
    Found found{.why_none = "no fake today", .gpus = gpus()};
    if (is_gone() || is_absent()) return found;
    for (int i = 0; i < (count ? std::atoi(count) : 1); ++i)
      found.devices.push_back(std::make_unique<FakeDevice>("fake:" + std::to_string(i)));
    return found;
  }
  /// FAKE_GPUS=broken: it cannot be kept busy.
  void read_under_load(GpuNode& node) override {
    node.gpus.at(0).pcie = {.generation = 4, .width = 8, .max_generation = 5, .max_width = 16, .under_load = true};
    if (std::string_view(std::getenv("FAKE_GPUS")) == "broken") throw std::runtime_error("no load today");
  }
};

}  // namespace
}  // namespace gpubench

extern "C" {
__attribute__((visibility("default"))) const char* gpubench_abi() { return gpubench::abi.data(); }
__attribute__((visibility("default"))) gpubench::Backend* gpubench_backend() {
  static gpubench::FakeBackend backend;
  return &backend;
}
}
