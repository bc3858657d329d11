#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace gpubench::training {

/// What one element is stored as. `opaque`: bytes only the device understands (a mask, a choice of maximum).
enum class Type { f32, bf16, f16, i32, opaque };

constexpr std::string_view name(Type type) {
  using enum Type;
  switch (type) {
    case f32: return "fp32";
    case bf16: return "bf16";
    case f16: return "fp16";
    case i32: return "int32";
    case opaque: return "opaque";
  }
  return "?";
}

/// Logical sizes, outermost first: images are {n, c, h, w} whatever their layout in memory.
using Shape = std::vector<std::int64_t>;

inline std::int64_t elements(const Shape& shape) {
  std::int64_t product = 1;
  for (const std::int64_t size : shape) product *= size;
  return product;
}

/// How a tensor lies in memory: known to the device that made it, and to nobody else.
class Layout {
 public:
  virtual ~Layout() = default;
  virtual bool same(const Layout& other) const = 0;
};

/// A tensor without memory. `layout` is null where the device may still choose one; then `bytes` is 0.
struct TensorDesc {
  Shape shape{};
  Type type = Type::f32;
  std::size_t bytes = 0;
  std::shared_ptr<const Layout> layout{};
};

/// Same bytes in memory for the same values. @pre both have a layout.
inline bool same(const TensorDesc& a, const TensorDesc& b) {
  return a.type == b.type && a.shape == b.shape && a.layout->same(*b.layout);
}

}  // namespace gpubench::training
