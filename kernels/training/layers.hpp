#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/core/random.hpp"
#include "kernels/training/operation.hpp"

namespace gpubench::training {

/// One operation planned on a device: the layouts of its operands are fixed, no memory is bound.
class Planned {
 public:
  /// `output` may be stored where `input` was: the operation reads each element before it overwrites it.
  struct InPlace {
    int output = 0, input = 0;
  };

  virtual ~Planned() = default;

  std::vector<TensorDesc> inputs{};   ///< as the operation wants them; the caller reorders what it has otherwise
  std::vector<TensorDesc> outputs{};  ///< an opaque output may have 0 bytes
  std::vector<InPlace> in_place{};
  std::size_t scratch_bytes = 0;  ///< may be shared with every other operation that does not run at the same time
  std::string implementation{};   ///< the library's name for what it chose: `jit_avx512_core_amx_bf16`
  std::map<std::string, std::string> choice{};  ///< what else there is to say of it, by name; may be empty

  /// A call that enqueues the operation on these operands; addresses are aligned to 64 bytes and stay valid.
  /// Errors come as exceptions of harness/core/error.hpp when the call runs.
  virtual std::function<void()> bind(std::span<void* const> inputs,
                                     std::span<void* const> outputs,
                                     void* scratch) const = 0;
};

/// Device memory that is given back with its owner. Zero bytes are allowed.
class Memory {
 public:
  virtual ~Memory() = default;
  virtual std::byte* data() = 0;
};

/// What a device provides for training: each operation, and the way in and out of its layouts.
class Layers {
 public:
  virtual ~Layers() = default;

  /// Plans `operation`. `given` has one entry an input: what the caller has, or, with no layout, what it leaves to the
  /// device.
  /// @throws Unsupported where the device, or its library, has no fast implementation (a silent reference kernel counts
  /// as none)
  virtual std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) = 0;

  /// Row-major, no padding.
  virtual TensorDesc plain(const Shape& shape, Type type) = 0;

  /// Memory that nothing has touched yet. @throws OutOfMemory
  virtual std::unique_ptr<Memory> allocate(std::size_t bytes) = 0;

  /// Values in row-major order to a tensor and back. They wait; neither is for the timed path. @pre desc has a layout
  /// and is not opaque; int32 travels as float (exact below 2^24).
  virtual void upload(std::span<const float> values, const TensorDesc& desc, void* to) = 0;
  virtual void download(const TensorDesc& desc, const void* from, std::span<float> values) = 0;
  /// Element i in row-major order becomes mean + deviation * random.normal(i). Waits.
  virtual void fill(const TensorDesc& desc, void* to, const Random& random, double mean, double deviation);
  /// One number in full precision (the loss).
  virtual double scalar(const TensorDesc& desc, const void* from) = 0;
  /// All bytes zero.
  virtual void clear(void* to, std::size_t bytes) = 0;

  /// What `enqueue` puts on the device, recorded to be enqueued as one by the call that is returned; empty where the
  /// device cannot do that. What it calls must have run before.
  virtual std::function<void()> recorded(const std::function<void()>& enqueue) {
    (void)enqueue;
    return {};
  }

  /// Returns when everything enqueued has ended. @throws DeviceLost
  virtual void wait() = 0;
};

}  // namespace gpubench::training
