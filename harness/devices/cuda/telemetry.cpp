#include "harness/devices/cuda/telemetry.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <stop_token>
#include <thread>
#include <utility>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/nvml/nvml.hpp"
#include "harness/devices/cuda/telemetry_readings.hpp"

namespace gpubench::cuda {
namespace {

/// The counter's steps are too coarse below.
constexpr double shortest_for_energy = 1;

using nvml::GpuReader;

nvml::Device handle_of(const nvml::Session& nvml, const std::string& gpu) {
  nvml::Device device{};
  const bool uuid = gpu.starts_with("GPU-") || gpu.starts_with("MIG-");
  const nvml::Return status = uuid ? nvml->nvmlDeviceGetHandleByUUID(gpu.c_str(), &device)
                                   : nvml->nvmlDeviceGetHandleByPciBusId_v2(gpu.c_str(), &device);
  return status == nvml::Return::success ? device : nullptr;
}

}  // namespace

struct GpuTelemetry::State {
  std::unique_ptr<nvml::Session> nvml{};  ///< null where NVML cannot be asked
  nvml::Device device{};                  ///< null where it does not know the GPU
  bool mig = false;
  Sources sources{};
  double poll_seconds = 0.2;

  std::mutex mutex{};
  std::vector<double> clocks{};  ///< all that were added

  // For condition().
  std::size_t clocks_used = 0;
  Counters last{};

  explicit State(const std::string& gpu) {
    try {
      nvml = std::make_unique<nvml::Session>();
    } catch (const Unsupported&) {
      return;
    }
    device = handle_of(*nvml, gpu);
    // A slice of a GPU has no clocks, power or counters of its own.
    nvml::Device whole{};
    mig = device && (*nvml)->nvmlDeviceGetDeviceHandleFromMigDeviceHandle(device, &whole) == nvml::Return::success;
    if (mig) device = whole;
    if (device) {
      GpuReader reader = this->reader();
      sources = sources_of(reader, nvml->driver_branch());
    }
  }
  /// @pre device
  GpuReader reader() const { return {nvml->functions(), device}; }

  std::vector<double> clocks_since(std::size_t index) {
    const std::lock_guard lock(mutex);
    return {clocks.begin() + static_cast<std::ptrdiff_t>(index), clocks.end()};
  }
};

namespace {

class GpuWatch : public Watch {
 public:
  explicit GpuWatch(std::shared_ptr<GpuTelemetry::State> state) : state_(std::move(state)) {
    {
      const std::lock_guard lock(state_->mutex);
      clocks_before_ = state_->clocks.size();
    }
    window_.mig = state_->mig;
    window_.power = state_->sources.power;
    window_.power_limit_watts = state_->sources.power_limit_watts;
    if (!state_->device) return;
    GpuReader gpu = state_->reader();
    read_errors(gpu, state_->sources, window_.before);
    read_times(gpu, state_->sources, window_.before);
    window_.lost = gpu.lost();
    thread_ = std::jthread([this](const std::stop_token& stop) { poll_until(stop); });
  }

  Seen stop() override {
    if (thread_.joinable()) {
      GpuReader gpu = state_->reader();
      read_times(gpu, state_->sources, window_.after);
      thread_.request_stop();
      thread_.join();
      if (window_.polls.empty()) window_.polls.push_back(poll(gpu, state_->sources));  // its clocks still show the load
      read_errors(gpu, state_->sources, window_.after);
      window_.lost = window_.lost || gpu.lost();
    }
    window_.device_clocks = state_->clocks_since(clocks_before_);
    return seen_over(window_);
  }

 private:
  /// The first look comes after half a period: at once it would see the GPU before its load.
  void poll_until(const std::stop_token& stop) {
    GpuReader gpu = state_->reader();
    std::mutex mutex;
    std::condition_variable_any stopped;
    std::unique_lock lock(mutex);
    auto wait = std::chrono::duration<double>(state_->poll_seconds / 2);
    while (!gpu.lost()) {
      stopped.wait_for(lock, stop, wait, [] { return false; });
      if (stop.stop_requested()) return;
      window_.polls.push_back(poll(gpu, state_->sources));
      wait = std::chrono::duration<double>(state_->poll_seconds);
    }
  }

  std::shared_ptr<GpuTelemetry::State> state_;
  std::size_t clocks_before_ = 0;
  Window window_{};  // its polls are the thread's until that has ended
  std::jthread thread_{};
};

}  // namespace

GpuTelemetry::GpuTelemetry(const std::string& gpu, double poll_seconds) : state_(std::make_shared<State>(gpu)) {
  state_->poll_seconds = poll_seconds;
  (void)condition();  // what comes before is not of any work
}

GpuTelemetry::~GpuTelemetry() = default;

std::unique_ptr<Watch> GpuTelemetry::watch() { return std::make_unique<GpuWatch>(state_); }

void GpuTelemetry::add_clock(double hertz) {
  const std::lock_guard lock(state_->mutex);
  state_->clocks.push_back(hertz);
}

Condition GpuTelemetry::condition() {
  Condition now;
  const std::vector<double> clocks = state_->clocks_since(state_->clocks_used);
  state_->clocks_used += clocks.size();
  if (!clocks.empty())
    now.clock_hertz = std::accumulate(clocks.begin(), clocks.end(), 0.0) / static_cast<double>(clocks.size());
  if (!state_->device) return now;

  GpuReader gpu = state_->reader();
  if (clocks.empty())
    now.clock_hertz = 1e6 * gpu.get<unsigned>(gpu.nvml().nvmlDeviceGetClockInfo, nvml::Clock::sm).value_or(0);
  const Counters before = std::exchange(state_->last, {});
  read_times(gpu, state_->sources, state_->last);
  const double seconds = state_->last.seconds - before.seconds;
  if (before.joules && state_->last.joules && seconds >= shortest_for_energy)
    now.watts = (*state_->last.joules - *before.joules) / seconds;
  else
    now.watts = watts_now(gpu, state_->sources).value_or(0);
  return now;
}

}  // namespace gpubench::cuda
