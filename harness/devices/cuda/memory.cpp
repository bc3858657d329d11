#include "harness/devices/cuda/memory.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/events.hpp"

namespace gpubench::cuda {

void Memory::Block::swap(Block& other) noexcept {
  std::swap(owner_, other.owner_);
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
}

Memory::Block::~Block() {
  if (!data_) return;
  cudaSetDevice(owner_->ordinal_);
  cudaFree(data_);
  owner_->in_use_ -= static_cast<double>(bytes_);
}

Memory::Block Memory::take(std::size_t bytes) {
  use_device(ordinal_);
  Block block;
  const cudaError_t status = cudaMalloc(&block.data_, bytes);
  if (status == cudaErrorMemoryAllocation) {
    cudaGetLastError();
    throw OutOfMemory(fmt::format("out of device memory: asked for {}, cuda:{} has {} free",
                                  text_of_bytes(static_cast<double>(bytes)),
                                  ordinal_,
                                  text_of_bytes(free_bytes())));
  }
  check(status, "cudaMalloc");
  block.owner_ = this;
  block.bytes_ = bytes;
  in_use_ += static_cast<double>(bytes);
  peak_ = std::max(peak_, in_use_);
  fill(block.data_, 0xff, bytes);
  return block;
}

double Memory::free_bytes() const {
  use_device(ordinal_);
  std::size_t free = 0, total = 0;
  check(cudaMemGetInfo(&free, &total), "cudaMemGetInfo");
  return static_cast<double>(free);
}

// A fill runs on the default stream, which streams of ours do not wait for.
void fill(void* to, int byte, std::size_t bytes) {
  check(cudaMemset(to, byte, bytes), "cudaMemset");
  check(cudaStreamSynchronize(nullptr), "cudaStreamSynchronize");
}

namespace {

void copy(Stream stream, void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
  check(cudaMemcpyAsync(to, from, bytes, kind, stream), "cudaMemcpyAsync");
  check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}

}  // namespace

void copy_to_device(Stream stream, void* to, const void* from, std::size_t bytes) {
  copy(stream, to, from, bytes, cudaMemcpyHostToDevice);
}

void copy_to_host(Stream stream, void* to, const void* from, std::size_t bytes) {
  copy(stream, to, from, bytes, cudaMemcpyDeviceToHost);
}

}  // namespace gpubench::cuda
