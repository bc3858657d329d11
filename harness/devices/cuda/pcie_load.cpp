#include "harness/devices/cuda/pcie_load.hpp"

#include <memory>

#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/events.hpp"
#include "harness/devices/cuda/memory.hpp"
#include "harness/devices/cuda/nvml/gpu_facts.hpp"

namespace gpubench::cuda {
namespace {

constexpr std::size_t bytes = std::size_t{32} << 20;
constexpr int copies = 32;  // 1 GiB: 16 ms and more on anything there is, and a question to NVML takes one or two

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
  const auto enqueue = [&] {
    for (int i = 0; i < copies; ++i)
      check(cudaMemcpyAsync(device.data(), host.get(), bytes, cudaMemcpyHostToDevice, stream.get()), "cudaMemcpyAsync");
  };
  enqueue();  // time for the link to be trained
  stream.wait();
  enqueue();
  nvml::read_under_load(gpu);
  stream.wait();
}

}  // namespace gpubench::cuda
