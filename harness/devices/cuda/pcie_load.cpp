#include "harness/devices/cuda/pcie_load.hpp"

#include <chrono>
#include <future>
#include <memory>

#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/events.hpp"
#include "harness/devices/cuda/memory.hpp"
#include "harness/devices/cuda/nvml/gpu_facts.hpp"

namespace gpubench::cuda {
namespace {

constexpr std::size_t bytes = std::size_t{32} << 20;
constexpr int copies = 8;  // enqueued at a time

using Pinned = std::unique_ptr<void, decltype(&cudaFreeHost)>;

Pinned pinned_memory() {
  void* data = nullptr;
  check(cudaHostAlloc(&data, bytes, cudaHostAllocDefault), "cudaHostAlloc");
  return {data, cudaFreeHost};
}

}  // namespace

void read_under_load(int ordinal, Gpu& gpu) {
  Memory memory(ordinal);
  const Memory::Block device = memory.take(bytes);
  const Pinned host = pinned_memory();
  const OwnedStream stream(ordinal);
  const auto copy_for_a_moment = [&] {
    for (int i = 0; i < copies; ++i)
      check(cudaMemcpyAsync(device.data(), host.get(), bytes, cudaMemcpyHostToDevice, stream.get()), "cudaMemcpyAsync");
    stream.wait();
  };
  const auto begin = std::chrono::steady_clock::now();
  while (std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(50))
    copy_for_a_moment();  // it is trained
  // Whoever asks NVML waits for it, tens of milliseconds where it has to be started: copies go on for as long.
  auto reading = std::async(std::launch::async, [&gpu] { nvml::read_under_load(gpu); });
  do copy_for_a_moment();
  while (reading.wait_for(std::chrono::seconds(0)) != std::future_status::ready);
  reading.get();
}

}  // namespace gpubench::cuda
