#include "kernels/training/cuda/layout.hpp"

#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "harness/core/half.hpp"

namespace gpubench::training {
namespace {

TensorDesc laid_out(const Shape& shape, Type type, std::vector<std::int64_t> strides, const Shape& room) {
  const std::size_t size = type == Type::bf16 || type == Type::f16 ? 2 : 4;
  return {.shape = shape,
          .type = type,
          .bytes = static_cast<std::size_t>(elements(room)) * size,
          .layout = std::make_shared<const Strided>(std::move(strides))};
}

std::vector<std::int64_t> row_major_strides(const Shape& shape) {
  std::vector<std::int64_t> strides(shape.size());
  std::int64_t below = 1;
  for (std::size_t i = shape.size(); i-- > 0; below *= shape[i]) strides[i] = below;
  return strides;
}

// One element's bits and back, by its type.
struct Bf16 {
  static std::uint16_t bits(float value) {
    const auto all = std::bit_cast<std::uint32_t>(value);
    if ((all & 0x7fffffff) > 0x7f800000) return static_cast<std::uint16_t>((all >> 16) | 0x40);
    return static_cast<std::uint16_t>((all + 0x7fff + ((all >> 16) & 1)) >> 16);
  }
  static float value(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
};
struct F16 {
  static std::uint16_t bits(float value) { return to_half(value); }
  static float value(std::uint16_t bits) { return from_half(bits); }
};
struct F32 {
  static float bits(float value) { return value; }
  static float value(float bits) { return bits; }
};
struct I32 {
  static std::int32_t bits(float value) { return static_cast<std::int32_t>(value); }
  static float value(std::int32_t bits) { return static_cast<float>(bits); }
};

/// Calls each(index in row-major order, place in memory), both in elements, in the order of memory where channels lie
/// side by side: what is written is then written in one go.
template <class Each>
void for_each_element(const TensorDesc& desc, const Each& each) {
  const auto& strides = dynamic_cast<const Strided&>(*desc.layout).strides();
  if (strides == row_major_strides(desc.shape)) {
    for (std::int64_t i = 0; i < elements(desc.shape); ++i) each(i, i);
    return;
  }
  const std::int64_t channels = desc.shape[1], height = desc.shape[2], width = desc.shape[3];
  for (std::int64_t n = 0; n < desc.shape[0]; ++n)
    for (std::int64_t h = 0; h < height; ++h)
      for (std::int64_t w = 0; w < width; ++w)
        for (std::int64_t c = 0; c < channels; ++c)
          each(((n * channels + c) * height + h) * width + w,
               n * strides[0] + c * strides[1] + h * strides[2] + w * strides[3]);
}

template <class Run>
void with_format(Type type, const Run& run) {
  switch (type) {
    case Type::bf16: return run(Bf16{});
    case Type::f16: return run(F16{});
    case Type::i32: return run(I32{});
    default: return run(F32{});
  }
}

}  // namespace

TensorDesc row_major(const Shape& shape, Type type) { return laid_out(shape, type, row_major_strides(shape), shape); }

TensorDesc channels_last(const Shape& shape, Type type) {
  return shape.size() == 4 ? channels_last(shape, type, shape) : row_major(shape, type);
}

TensorDesc channels_last(const Shape& shape, Type type, const Shape& room) {
  const std::int64_t c = room[1], h = room[2], w = room[3];
  return laid_out(shape, type, {h * w * c, 1, w * c, c}, room);
}

std::vector<std::byte> packed(std::span<const float> values, const TensorDesc& desc) {
  std::vector<std::byte> bytes(desc.bytes);
  with_format(desc.type, [&]<class Format>(Format) {
    using Bits = decltype(Format::bits(0));
    for_each_element(desc, [&](std::int64_t index, std::int64_t place) {
      const Bits bits = Format::bits(values[static_cast<std::size_t>(index)]);
      std::memcpy(bytes.data() + static_cast<std::size_t>(place) * sizeof(bits), &bits, sizeof(bits));
    });
  });
  return bytes;
}

void unpack(const TensorDesc& desc, const std::vector<std::byte>& bytes, std::span<float> values) {
  with_format(desc.type, [&]<class Format>(Format) {
    using Bits = decltype(Format::bits(0));
    for_each_element(desc, [&](std::int64_t index, std::int64_t place) {
      Bits bits{};
      std::memcpy(&bits, bytes.data() + static_cast<std::size_t>(place) * sizeof(bits), sizeof(bits));
      values[static_cast<std::size_t>(index)] = Format::value(bits);
    });
  });
}

}  // namespace gpubench::training
