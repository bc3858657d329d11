#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "kernels/training/layers.hpp"

namespace gpubench::training::oracle {

/// What happens to a bf16 or fp16 value that is written: rounded to its format, overflow to infinity, or nothing.
enum class Rounding { formats, none };

/// The oracle as a device: what the engine runs on where the answer matters and the time does not. Every element is
/// stored as a double, row-major, whatever its type; opaque tensors have 0 bytes. Memory starts as NaN, so that reading
/// what nobody wrote is seen. Calls run when they are made; wait() has nothing to wait for.
class OracleLayers : public Layers {
 public:
  /// `exact_fp32` keeps FP32 outputs in double (for central differences); otherwise they are rounded to float.
  explicit OracleLayers(Rounding rounding = Rounding::formats, bool exact_fp32 = false)
      : rounding_(rounding), exact_fp32_(exact_fp32) {}

  std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) override;
  TensorDesc plain(const Shape& shape, Type type) override;
  std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  void upload(std::span<const float> values, const TensorDesc& desc, void* to) override;
  void download(const TensorDesc& desc, const void* from, std::span<float> values) override;
  double scalar(const TensorDesc& desc, const void* from) override;
  void clear(void* to, std::size_t bytes) override;
  void wait() override {}

 private:
  Rounding rounding_;
  bool exact_fp32_;
};

}  // namespace gpubench::training::oracle
