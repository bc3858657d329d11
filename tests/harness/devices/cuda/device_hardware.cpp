#include <cstdlib>
#include <iostream>

#include <cuda_runtime_api.h>

#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/discovery.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

using cuda::check;

/// As under the emulator: full of 0xff at first, and what lies behind its end must stay so.
class HardwareMemory : public DeviceMemory {
 public:
  HardwareMemory(const std::string& name, std::size_t bytes) : name_(name), bytes_(bytes) {
    check(cudaMalloc(&data_, bytes + behind), "cudaMalloc");
    check(cudaMemset(data_, 0xff, bytes + behind), "cudaMemset");
  }
  ~HardwareMemory() override {
    std::vector<unsigned char> end(behind);
    const cudaError_t status =
        cudaMemcpy(end.data(), static_cast<unsigned char*>(data_) + bytes_, behind, cudaMemcpyDeviceToHost);
    if (status != cudaSuccess)
      ADD_FAILURE() << name_ << " cannot be read any more: " << cudaGetErrorName(status);
    else if (end != std::vector<unsigned char>(behind, 0xff))
      ADD_FAILURE() << "a kernel wrote behind the end of " << name_;
    cudaFree(data_);
  }
  void* data() const override { return data_; }
  void write(const void* from, std::size_t bytes) override {
    check(cudaMemcpy(data_, from, bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
  }
  void read(void* to, std::size_t bytes) const override {
    check(cudaMemcpy(to, data_, bytes, cudaMemcpyDeviceToHost), "cudaMemcpy");
  }
  void forbid_writing() override {}  // a GPU has no such pages

 private:
  static constexpr std::size_t behind = 256;
  std::string name_;
  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace

std::string executor() { return "Hardware"; }

std::unique_ptr<DeviceMemory> allocate(const std::string& name, std::size_t bytes) {
  return std::make_unique<HardwareMemory>(name, bytes);
}

void on_every_schedule(const std::function<void(const Device&)>& test) { test(Device()); }

}  // namespace gpubench::device_tests

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  if (testing::GTEST_FLAG(list_tests)) return RUN_ALL_TESTS();
  const gpubench::cuda::Answer answer = gpubench::cuda::ask();
  if (answer.devices == 0) {
    std::cout << gpubench::cuda::why_none(answer, std::getenv("CUDA_VISIBLE_DEVICES")) << '\n';
    return 77;
  }
  return RUN_ALL_TESTS();
}
