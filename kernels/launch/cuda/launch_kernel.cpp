#include "kernels/launch/cuda/launch_kernel.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/graph.hpp"
#include "kernels/launch/cuda/count.hpp"

namespace gpubench::cuda {
namespace {

class LaunchKernel : public Kernel {
 public:
  LaunchKernel(const Launch& launch, CudaDevice& device) : launch_(launch), device_(device) {}

  std::map<std::string, std::string> plan() const override {
    return {{"kernel", is_chain() ? "one thread that adds 1 to a counter" : "one thread that does nothing"},
            {"enqueued by", launch_.by == Launch::By::graph ? "cudaGraphLaunch" : "cudaLaunchKernelEx"}};
  }
  double memory_bytes() const override { return sizeof(std::uint64_t); }

  void allocate(Progress& progress) override {
    counter_ = device_.memory().take(sizeof(std::uint64_t));
    progress.on("loading the kernel");
    use_for_the_first_time(stream());
    if (launch_.by == Launch::By::graph) {
      counting_.emplace(stream(), [this, to = stream()] { enqueue_kernels(to, true); });
      timed_.emplace(stream(), [this, to = stream()] { enqueue_kernels(to, is_chain()); });
    }
    const std::uint64_t none = 0;
    copy_to_device(stream(), counter_.data(), &none, sizeof(none));
  }

  void enqueue(int runs) override { enqueue_runs(runs, timed_, is_chain()); }

  /// Every kernel that counted since the start has added exactly one. What is timed counts only in chains: the others
  /// are run with a counter for this.
  Verification verify(bool, Progress&) override {
    enqueue_runs(3, counting_, true);
    std::uint64_t counted = 0;
    copy_to_host(stream(), &counted, counter_.data(), sizeof(counted));
    const std::uint64_t expected = counting_runs_ * static_cast<std::uint64_t>(launch_.kernels);
    Verification found{.scope = "exact", .against = "definition", .checked = 1};
    if (counted != expected) found.mismatch = fmt::format("{} kernels have run, should be {}", counted, expected);
    return found;
  }

  void describe(CaseResult& row) const override {
    if (first_use_seconds_) row.telemetry["first_use_seconds"] = *first_use_seconds_;
  }

 private:
  bool is_chain() const { return launch_.pattern == Launch::Pattern::chain; }
  Stream stream() { return device_.place().stream(); }

  /// Loads the kernel, and compiles it where there is no code for this GPU. The first in a process pays for all.
  void use_for_the_first_time(Stream to) {
    static bool is_loaded = false;
    const auto start = std::chrono::steady_clock::now();
    count(to, nullptr);
    check(cudaStreamSynchronize(to), "cudaStreamSynchronize");
    if (!std::exchange(is_loaded, true))
      first_use_seconds_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  void enqueue_kernels(Stream to, bool counting) {
    for (int i = 0; i < launch_.kernels; ++i) count(to, counting ? counter_.as<std::uint64_t>() : nullptr);
  }
  void enqueue_runs(int runs, const std::optional<Graph>& graph, bool counting) {
    const Stream to = stream();
    for (int run = 0; run < runs; ++run) {
      if (graph)
        graph->enqueue(to);
      else
        enqueue_kernels(to, counting);
      if (launch_.pattern == Launch::Pattern::round_trip) check(cudaStreamSynchronize(to), "cudaStreamSynchronize");
    }
    if (counting) counting_runs_ += static_cast<std::uint64_t>(runs);
  }

  Launch launch_;
  CudaDevice& device_;
  Memory::Block counter_{};
  std::optional<Graph> counting_{}, timed_{};
  std::uint64_t counting_runs_ = 0;
  std::optional<double> first_use_seconds_{};
};

}  // namespace

std::unique_ptr<Kernel> make_launch_kernel(const Launch& launch, CudaDevice& device) {
  return std::make_unique<LaunchKernel>(launch, device);
}

}  // namespace gpubench::cuda
