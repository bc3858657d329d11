#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/devices/cuda/stream.hpp"

// Tests of device code: one source for two executors. Under the emulator they are called Emulated…; on a GPU they are
// called Hardware…, and are skipped where there is none. A test that has no kernel of its own is compiled once for
// both.

/// TEST() whose suite has the executor's name in front.
#define DEVICE_TEST(suite, name)                                                        \
  class suite##_##name : public ::testing::Test {                                       \
    void TestBody() override;                                                           \
  };                                                                                    \
  [[maybe_unused]] const auto* const suite##_##name##_registered =                      \
      ::testing::RegisterTest((::gpubench::device_tests::executor() + #suite).c_str(),  \
                              #name,                                                    \
                              nullptr,                                                  \
                              nullptr,                                                  \
                              __FILE__,                                                 \
                              __LINE__,                                                 \
                              []() -> ::testing::Test* { return new suite##_##name; }); \
  void suite##_##name::TestBody()

namespace gpubench::device_tests {

/// Memory of the device. Emulated: an access behind it is a fault, and one to an input that writes.
class DeviceMemory {
 public:
  virtual ~DeviceMemory() = default;
  virtual void* data() const = 0;
  virtual void write(const void* from, std::size_t bytes) = 0;
  virtual void read(void* to, std::size_t bytes) const = 0;
  virtual void forbid_writing() = 0;
};

/// `Emulated` or `Hardware`
std::string executor();

/// Of the code that runs: 90 is 9.0. The emulator has everything that is emulated.
int compute_capability();

/// For tests of what older GPUs do not have.
#define NEEDS_COMPUTE_CAPABILITY(number)                                                                            \
  if (::gpubench::device_tests::compute_capability() < (number))                                                    \
  GTEST_SKIP() << "needs compute capability " << (number) / 10 << '.' << (number) % 10 << ", the code here is for " \
               << ::gpubench::device_tests::compute_capability()

/// An executor's memory. @param name what faults call it
std::unique_ptr<DeviceMemory> allocate(const std::string& name, std::size_t bytes);

/// Elements in the device's memory.
template <class T>
class Array {
 public:
  Array(const std::string& name, std::size_t size) : memory_(allocate(name, size * sizeof(T))), size_(size) {}

  T* data() const { return static_cast<T*>(memory_->data()); }
  operator T*() const { return data(); }
  std::size_t size() const { return size_; }
  /// After everything that was enqueued.
  std::vector<T> read() const {
    std::vector<T> values(size_);
    memory_->read(values.data(), size_ * sizeof(T));
    return values;
  }

 private:
  friend class Device;
  std::unique_ptr<DeviceMemory> memory_;
  std::size_t size_ = 0;
};

class Device {
 public:
  cuda::Stream stream() const { return nullptr; }

  /// What kernels read and must not write.
  template <class T>
  Array<T> input(const std::string& name, const std::vector<T>& values) const {
    Array<T> array = changed(name, values);
    array.memory_->forbid_writing();
    return array;
  }
  /// What kernels read and write.
  template <class T>
  Array<T> changed(const std::string& name, const std::vector<T>& values) const {
    Array<T> array(name, values.size());
    array.memory_->write(values.data(), values.size() * sizeof(T));
    return array;
  }
  /// What kernels write: full of NaN (each byte 0xff) before.
  template <class T>
  Array<T> output(const std::string& name, std::size_t size) const {
    return Array<T>(name, size);
  }
};

/// Runs a test: emulated, once in each schedule (or in the one of --schedule=), until one fails; on a GPU once.
void on_every_schedule(const std::function<void(const Device&)>& test);

/// For bugs planted on purpose: which schedules see one, each with how: `last-ahead: <text of the fault>`.
/// @param run runs the kernel and says what is wrong with its result, nothing where it is right
std::vector<std::string> caught(const std::function<std::string(const Device&)>& run);

/// How many schedules caught() tries.
std::size_t schedule_count();

}  // namespace gpubench::device_tests
