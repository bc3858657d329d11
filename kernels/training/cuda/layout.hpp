#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "kernels/training/tensor.hpp"

namespace gpubench::training {

/// How tensors lie on a GPU: densely, in the order of their strides (in elements, by dimension).
class Strided : public Layout {
 public:
  explicit Strided(std::vector<std::int64_t> strides) : strides_(std::move(strides)) {}
  bool same(const Layout& other) const override {
    const auto* also = dynamic_cast<const Strided*>(&other);
    return also != nullptr && also->strides_ == strides_;
  }
  const std::vector<std::int64_t>& strides() const { return strides_; }

 private:
  std::vector<std::int64_t> strides_;
};

/// Row-major, no padding.
TensorDesc row_major(const Shape& shape, Type type);
/// As convolutions on a GPU want it: NHWC, and filters KRSC; what has not four dimensions is row-major.
TensorDesc channels_last(const Shape& shape, Type type);
/// The same in the room of a larger tensor: what is beside it is zero when it is packed, and nobody's when it is read.
/// @pre four dimensions, none larger than the room's
TensorDesc channels_last(const Shape& shape, Type type, const Shape& room);

// Between numbers in row-major order and bytes as a tensor lies: rounded to nearest, ties to even; NaN stays NaN.
// @pre as many numbers as the tensor has elements, and its bytes; a layout of this file
std::vector<std::byte> packed(std::span<const float> values, const TensorDesc& desc);
void unpack(const TensorDesc& desc, const std::vector<std::byte>& bytes, std::span<float> values);

}  // namespace gpubench::training
