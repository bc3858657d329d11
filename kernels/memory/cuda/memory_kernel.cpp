#include "kernels/memory/cuda/memory_kernel.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/devices/cuda/check.hpp"
#include "kernels/memory/cuda/passes.hpp"
#include "kernels/memory/definition.hpp"
#include "kernels/rotation.hpp"

namespace gpubench::cuda {
namespace {

constexpr std::int64_t chunk = std::int64_t{4} << 20;  // elements on their way between host and device at a time

class MemoryKernel : public Kernel {
 public:
  MemoryKernel(const MemoryPass& pass, CudaDevice& device, EnqueuePass enqueue, std::string how)
      : pass_(pass),
        device_(device),
        enqueue_(std::move(enqueue)),
        how_(std::move(how)),
        count_(pass.array_bytes / static_cast<std::int64_t>(sizeof(float))),
        rotation_(Rotation::sets_past(device.properties().l2_bytes, pass.work().bytes)) {}

  std::map<std::string, std::string> plan() const override {
    return {{"pass", how_}, {"sets of arrays", std::to_string(rotation_.sets())}};
  }
  double memory_bytes() const override { return rotation_.sets() * pass_.work().bytes; }

  void allocate(Progress& progress) override {
    staging_.resize(static_cast<std::size_t>(std::min(chunk, count_)));
    for (int set = 0; set < rotation_.sets(); ++set) {
      progress.on(fmt::format("filling set {} of {}", set + 1, rotation_.sets()));
      Set& arrays = sets_.emplace_back();
      for (int input = 0; input + 1 < pass_.arrays(); ++input) {
        arrays.inputs[input] = device_.memory().take(static_cast<std::size_t>(pass_.array_bytes));
        fill(arrays.inputs[input].as<float>(), random(set, input));
      }
      arrays.result = device_.memory().take(static_cast<std::size_t>(pass_.array_bytes));
    }
  }

  void enqueue(int runs) override {
    const Stream to = stream();
    for (int run = 0; run < runs; ++run) {
      const Set& set = sets_[static_cast<std::size_t>(rotation_.take())];
      enqueue_(to, pass_.loop, set.inputs[0].as<float>(), set.inputs[1].as<float>(), set.result.as<float>(), count_);
    }
  }

  /// Results are spoilt before the runs whose results are checked.
  Verification verify(bool again, Progress& progress) override {
    if (!again) {
      spoil();
      enqueue(rotation_.sets());
    }
    Verification found{.scope = "full", .against = "definition"};
    for (int set = 0; set < rotation_.ran() && !found.mismatch; ++set) {
      progress.on(fmt::format("verifying every element of set {}", set + 1));
      found.mismatch = mismatch_of(set);
      found.checked += count_;
    }
    if (!again) spoil();
    return found;
  }

 private:
  struct Set {
    Memory::Block inputs[2]{}, result{};
  };

  Stream stream() { return device_.place().stream(); }
  Random random(int set, int input) const { return {pass_.seed, static_cast<std::uint64_t>(2 * set + input)}; }

  template <class Each>
  void by_chunks(Each each) {
    for (std::int64_t begin = 0; begin < count_; begin += chunk)
      each(begin, std::span(staging_).first(static_cast<std::size_t>(std::min(chunk, count_ - begin))));
  }

  void fill(float* to, const Random& random) {
    by_chunks([&](std::int64_t begin, std::span<float> values) {
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = memory_value(random, begin + static_cast<std::int64_t>(i));
      copy_to_device(stream(), to + begin, values.data(), values.size_bytes());
    });
  }

  void spoil() {
    for (const Set& set : sets_)
      check(cudaMemsetAsync(set.result.data(), 0xff, set.result.bytes(), stream()), "cudaMemsetAsync");  // NaN
    rotation_.start_over();
  }

  /// Not of the arrays but of what they were filled with: a pass that wrote to its inputs is wrong, too.
  std::optional<std::string> mismatch_of(int set) {
    const Random of_x = random(set, 0), of_y = random(set, 1);
    std::optional<std::string> mismatch;
    by_chunks([&](std::int64_t begin, std::span<float> values) {
      if (mismatch) return;
      copy_to_host(stream(),
                   values.data(),
                   sets_[static_cast<std::size_t>(set)].result.as<float>() + begin,
                   values.size_bytes());
      for (std::size_t k = 0; k < values.size(); ++k) {
        const std::int64_t i = begin + static_cast<std::int64_t>(k);
        const float should_be = memory_result(pass_.loop, memory_value(of_x, i), memory_value(of_y, i));
        if (values[k] == should_be) continue;
        mismatch = fmt::format("element {} is {}, should be {}", i, values[k], should_be);
        return;
      }
    });
    return mismatch;
  }

  MemoryPass pass_;
  CudaDevice& device_;
  EnqueuePass enqueue_;
  std::string how_;
  std::int64_t count_;
  Rotation rotation_;
  std::vector<Set> sets_{};
  std::vector<float> staging_{};
};

constexpr const char* no_new_pages = "device memory has no pages that are new to the process in each run";

}  // namespace

std::unique_ptr<Kernel> make_memory_kernel(const MemoryPass& pass,
                                           CudaDevice& device,
                                           EnqueuePass enqueue,
                                           std::string how) {
  return std::make_unique<MemoryKernel>(pass, device, std::move(enqueue), std::move(how));
}

std::unique_ptr<Kernel> gpubench_memory_kernel(const MemoryPass& pass, CudaDevice& device) {
  return make_memory_kernel(
      pass, device, memory_pass, "kernel of our own, 16 bytes an access, around the first-level cache");
}

std::optional<std::string> gpubench_memory_why_not(const MemoryPass& pass) {
  return pass.touch == Touch::warm ? std::nullopt : std::optional<std::string>(no_new_pages);
}

std::unique_ptr<Kernel> ce_memory_kernel(const MemoryPass& pass, CudaDevice& device) {
  return make_memory_kernel(
      pass,
      device,
      [](Stream stream, MemoryLoop, const float* x, const float*, float* to, std::int64_t count) {
        const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(float);
        check(cudaMemcpyAsync(to, x, bytes, cudaMemcpyDeviceToDevice, stream), "cudaMemcpyAsync");
      },
      "cudaMemcpyAsync within the device");
}

std::optional<std::string> ce_memory_why_not(const MemoryPass& pass) {
  if (pass.loop != MemoryLoop::copy) return "cudaMemcpyAsync only copies";
  return gpubench_memory_why_not(pass);
}

}  // namespace gpubench::cuda
