#include "harness/devices/cuda/cuda_device.hpp"

#include <gtest/gtest.h>

#include "harness/devices/cuda/emulator/clock.hpp"
#include "kernels/launch/cuda/count.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

namespace gpubench::cuda {
namespace {

class OneLaunch : public Kernel {
 public:
  explicit OneLaunch(CudaDevice& device) : device_(device) {}
  double memory_bytes() const override { return 0; }
  void allocate(Progress&) override {}
  void enqueue(int runs) override {
    for (int i = 0; i < runs; ++i) count(device_.place().stream(), nullptr);
  }
  Verification verify(bool, Progress&) override { return {}; }

 private:
  CudaDevice& device_;
};

Properties first() { return properties(1, nullptr).front(); }

TEST(CudaDevice, SaysWhatTheRuntimeSays) {
  const DeviceInfo info = CudaDevice(first(), {{.name = "cuDNN"}}).info();
  EXPECT_EQ(info.id, "cuda:0");
  EXPECT_EQ(info.kind, "cuda");
  EXPECT_EQ(info.model, "Emulated GPU");
  EXPECT_EQ(info.uuid, "GPU-10101010-1010-1010-1010-101010101010");
  EXPECT_EQ(info.pci, "00000000:1B:00.0");
  EXPECT_EQ(info.isa, "sm_80");
  EXPECT_EQ(info.libraries.size(), 1U);
}

TEST(CudaDevice, ASliceIsNamedAsItWasChosen) {
  const Properties slice = properties(1, "MIG-1234,ignored").front();
  EXPECT_EQ(slice.uuid, "MIG-1234");
  EXPECT_EQ(CudaDevice(slice, {}).info().features, std::vector<std::string>{"MIG slice of 4 multiprocessors"});
  EXPECT_EQ(chosen_slice("0,1"), "");
  EXPECT_EQ(chosen_slice(nullptr), "");
}

TEST(CudaDevice, TheClocksOfAWindowAreItsOwn) {
  CudaDevice device(first(), {});
  OneLaunch kernel(device);
  const auto block_at = [&](double hertz) {
    emulator::device_clock.sm_hertz = hertz;
    device.place().time(kernel, 1, 3);
    emulator::device_clock.sm_hertz = 1e9;
  };
  block_at(0.5e9);  // before the window
  const auto watch = device.watch();
  block_at(1.1e9);
  block_at(1.2e9);
  block_at(1.3e9);
  const Watch::Seen seen = watch->stop();
  EXPECT_NEAR(seen.readings.at("sm_clock_hz"), 1.2e9, 1e6);
  EXPECT_NEAR(seen.readings.at("sm_clock_min_hz"), 1.1e9, 1e6);
  // Above what the highest clock of the window allows no figure can be true; the ceiling is at the highest allowed.
  EXPECT_NEAR(device.silicon("fp32", seen)->flops_per_second, 1.3e9 * 4 * 128, 1e9);
  EXPECT_DOUBLE_EQ(device.silicon("fp32", {})->flops_per_second, 1e9 * 4 * 128);
  EXPECT_DOUBLE_EQ(device.ceiling("fp32")->flops_per_second, 1e9 * 4 * 128);
}

TEST(CudaDevice, ItsConditionIsOfTheBlocksSinceItWasLastAsked) {
  CudaDevice device(first(), {});
  OneLaunch kernel(device);
  device.place().time(kernel, 1, 3);
  EXPECT_NEAR(device.condition()->clock_hertz, 1e9, 1e6);
  EXPECT_EQ(device.condition()->clock_hertz, 0) << "without NVML nobody else tells";
}

}  // namespace
}  // namespace gpubench::cuda
