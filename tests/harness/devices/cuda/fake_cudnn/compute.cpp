#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "harness/core/half.hpp"
#include "tests/harness/devices/cuda/fake_cudnn/node.hpp"

// What a graph computes, by its definition.

namespace gpubench::fake_cudnn {
namespace {

using cudnn::DataType;
using Sizes = std::vector<std::int64_t>;

float bf16_to_nearest(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::isnan(value) ? value : std::bit_cast<float>((bits + 0x7fff + ((bits >> 16) & 1)) & 0xffff0000U);
}
/// The operands of a tensor core's TF32 product: the last 13 bits are not looked at.
double cut_to_tf32(double value) {
  return static_cast<double>(
      std::bit_cast<float>(std::bit_cast<std::uint32_t>(static_cast<float>(value)) & 0xffffe000U));
}

/// Numbers of four dimensions, row-major.
struct Numbers {
  Sizes sizes{};
  std::vector<double> values{};

  std::size_t index(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return static_cast<std::size_t>(((n * sizes[1] + c) * sizes[2] + h) * sizes[3] + w);
  }
  double at(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const { return values[index(n, c, h, w)]; }
  /// Where a size is 1 it is spread.
  double spread(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return at(n % sizes[0], c % sizes[1], h % sizes[2], w % sizes[3]);
  }
};

template <class Each>
void for_each(const Sizes& s, const Each& each) {
  for (std::int64_t n = 0; n < s[0]; ++n)
    for (std::int64_t c = 0; c < s[1]; ++c)
      for (std::int64_t h = 0; h < s[2]; ++h)
        for (std::int64_t w = 0; w < s[3]; ++w) each(n, c, h, w);
}

class Run {
 public:
  Run(const Node& pack, bool tensor_cores) : tensor_cores_(tensor_cores) {
    auto ids = pack.all<std::int64_t>(Attribute::pack_ids);
    const auto pointers = pack.all<void*>(Attribute::pack_pointers);
    if (has_bug("swapped-ids")) std::swap(ids.at(ids.size() - 1), ids.at(ids.size() - 2));
    for (std::size_t i = 0; i < ids.size(); ++i) memory_[ids[i]] = pointers[i];
  }

  void operation(const Node& o) {
    switch (o.type) {
      case DescriptorType::convolution_forward: return forward(o);
      case DescriptorType::convolution_data_gradient: return data_gradient(o);
      case DescriptorType::convolution_weight_gradient: return weight_gradient(o);
      case DescriptorType::pointwise_operation: return pointwise(o);
      case DescriptorType::statistics_operation: return statistics(o);
      default: return;
    }
  }

 private:
  static bool is_virtual(const Node& tensor) {
    return tensor.has(Attribute::tensor_is_virtual) && tensor.one<bool>(Attribute::tensor_is_virtual);
  }
  static std::int64_t place(const Sizes& strides, std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
    return n * strides[0] + c * strides[1] + h * strides[2] + w * strides[3];
  }

  Numbers read(const Node& tensor, bool filter = false) const {
    const auto id = tensor.one<std::int64_t>(Attribute::tensor_id);
    if (is_virtual(tensor)) return between_.at(id);
    Numbers numbers{.sizes = tensor.all<std::int64_t>(Attribute::tensor_dimensions)};
    Sizes strides = tensor.all<std::int64_t>(Attribute::tensor_strides);
    const Sizes& s = numbers.sizes;
    if (filter && has_bug("filter-strides")) strides = {s[1] * s[2] * s[3], s[2] * s[3], s[3], 1};
    const void* from = memory_.at(id);
    const auto type = tensor.one<DataType>(Attribute::tensor_type);
    for_each(s, [&](auto n, auto c, auto h, auto w) {
      numbers.values.push_back(element(from, place(strides, n, c, h, w), type));
    });
    return numbers;
  }
  static double element(const void* from, std::int64_t i, DataType type) {
    if (type == DataType::f32) return static_cast<double>(static_cast<const float*>(from)[i]);
    const std::uint16_t bits = static_cast<const std::uint16_t*>(from)[i];
    if (type == DataType::f16) return static_cast<double>(from_half(bits));
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
  }

  void write(const Node& tensor, Numbers numbers) {
    const auto id = tensor.one<std::int64_t>(Attribute::tensor_id);
    const auto type = tensor.one<DataType>(Attribute::tensor_type);
    for (double& value : numbers.values) {
      const auto single = static_cast<float>(value);
      value = static_cast<double>(type == DataType::f16    ? from_half(to_half(single))
                                  : type == DataType::bf16 ? bf16_to_nearest(single)
                                                           : single);
    }
    between_[id] = numbers;  // an operation behind it may read what is in memory, too
    if (is_virtual(tensor)) return;
    const Sizes strides = tensor.all<std::int64_t>(Attribute::tensor_strides);
    void* to = memory_.at(id);
    for_each(numbers.sizes, [&](auto n, auto c, auto h, auto w) {
      const auto value = static_cast<float>(numbers.at(n, c, h, w));
      const std::int64_t i = place(strides, n, c, h, w);
      if (type == DataType::f32)
        static_cast<float*>(to)[i] = value;
      else
        static_cast<std::uint16_t*>(to)[i] =
            type == DataType::f16 ? to_half(value)
                                  : static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16);
    });
  }

  /// An operand of a product.
  Numbers factor(const Node& tensor, bool filter = false) const {
    Numbers numbers = read(tensor, filter);
    if (tensor_cores_ && tensor.one<DataType>(Attribute::tensor_type) == DataType::f32)
      std::ranges::transform(numbers.values, numbers.values.begin(), cut_to_tf32);
    return numbers;
  }
  static Numbers zeros(const Node& tensor) {
    Numbers numbers{.sizes = tensor.all<std::int64_t>(Attribute::tensor_dimensions)};
    std::size_t count = 1;
    for (const std::int64_t size : numbers.sizes) count *= static_cast<std::size_t>(size);
    numbers.values.assign(count, 0.0);
    return numbers;
  }

  /// each(n, k, p, q, c, h, w, r, s) for every product.
  template <class Each>
  static void products(const Node& convolution, const Sizes& x, const Sizes& w, const Sizes& y, const Each& each) {
    const auto padding = convolution.all<std::int64_t>(Attribute::convolution_pre_paddings);
    const auto stride = convolution.all<std::int64_t>(Attribute::convolution_strides);
    for_each(y, [&](auto n, auto k, auto p, auto q) {
      for (std::int64_t c = 0; c < x[1]; ++c)
        for (std::int64_t r = 0; r < w[2]; ++r)
          for (std::int64_t s = 0; s < w[3]; ++s) {
            const std::int64_t down = p * stride[0] + r - padding[0], across = q * stride[1] + s - padding[1];
            if (down >= 0 && down < x[2] && across >= 0 && across < x[3]) each(n, k, p, q, c, down, across, r, s);
          }
    });
  }

  void forward(const Node& o) {
    const Numbers x = factor(o.node(Attribute::forward_x)), w = factor(o.node(Attribute::forward_w), true);
    Numbers y = zeros(o.node(Attribute::forward_y));
    products(o.node(Attribute::forward_convolution),
             x.sizes,
             w.sizes,
             y.sizes,
             [&](auto n, auto k, auto p, auto q, auto c, auto h, auto i, auto r, auto s) {
               y.values[y.index(n, k, p, q)] += x.at(n, c, h, i) * w.at(k, c, r, s);
             });
    write(o.node(Attribute::forward_y), std::move(y));
  }
  void data_gradient(const Node& o) {
    const Numbers dy = factor(o.node(Attribute::data_gradient_dy)),
                  w = factor(o.node(Attribute::data_gradient_w), true);
    Numbers dx = zeros(o.node(Attribute::data_gradient_dx));
    products(o.node(Attribute::data_gradient_convolution),
             dx.sizes,
             w.sizes,
             dy.sizes,
             [&](auto n, auto k, auto p, auto q, auto c, auto h, auto i, auto r, auto s) {
               dx.values[dx.index(n, c, h, i)] += dy.at(n, k, p, q) * w.at(k, c, r, s);
             });
    write(o.node(Attribute::data_gradient_dx), std::move(dx));
  }
  void weight_gradient(const Node& o) {
    const Numbers x = factor(o.node(Attribute::weight_gradient_x)), dy = factor(o.node(Attribute::weight_gradient_dy));
    Numbers dw = zeros(o.node(Attribute::weight_gradient_dw));
    products(o.node(Attribute::weight_gradient_convolution),
             x.sizes,
             dw.sizes,
             dy.sizes,
             [&](auto n, auto k, auto p, auto q, auto c, auto h, auto i, auto r, auto s) {
               dw.values[dw.index(k, c, r, s)] += x.at(n, c, h, i) * dy.at(n, k, p, q);
             });
    write(o.node(Attribute::weight_gradient_dw), std::move(dw));
  }

  void pointwise(const Node& o) {
    const auto f = o.node(Attribute::pointwise_descriptor).one<cudnn::Pointwise>(Attribute::pointwise_mode);
    const bool backward = f == cudnn::Pointwise::relu_backward;
    const Numbers x = read(o.node(Attribute::pointwise_x));
    const Numbers second = backward                        ? read(o.node(Attribute::pointwise_dy))
                           : o.has(Attribute::pointwise_b) ? read(o.node(Attribute::pointwise_b))
                                                           : x;
    Numbers y = x;
    for_each(x.sizes, [&](auto n, auto c, auto h, auto w) {
      const double a = x.at(n, c, h, w), b = second.spread(n, c, h, w);
      double& to = y.values[y.index(n, c, h, w)];
      switch (f) {
        case cudnn::Pointwise::add: to = a + b; break;
        case cudnn::Pointwise::mul: to = a * b; break;
        case cudnn::Pointwise::relu: to = a < 0 ? 0 : a; break;
        case cudnn::Pointwise::relu_backward: to = a > 0 ? b : 0; break;
        default: to = a; break;
      }
    });
    write(o.node(backward ? Attribute::pointwise_dx : Attribute::pointwise_y), std::move(y));
  }

  void statistics(const Node& o) {
    const auto id = o.node(Attribute::statistics_x).one<std::int64_t>(Attribute::tensor_id);
    const Numbers& x = between_.at(id);
    Numbers sum = zeros(o.node(Attribute::statistics_sum)), squares = sum;
    for_each(x.sizes, [&](auto n, auto c, auto h, auto w) {
      const double value = x.at(n, c, h, w);
      sum.values[sum.index(0, c, 0, 0)] += value;
      squares.values[squares.index(0, c, 0, 0)] += value * value;
    });
    write(o.node(Attribute::statistics_sum), std::move(sum));
    write(o.node(Attribute::statistics_square_sum), std::move(squares));
  }

  bool tensor_cores_;
  std::map<std::int64_t, void*> memory_{};
  std::map<std::int64_t, Numbers> between_{};
};

}  // namespace

void compute(const Node& graph, const Node& pack, bool tensor_cores) {
  Run run(pack, tensor_cores);
  for (const NodePointer& operation : graph.value(Attribute::graph_operations).nodes) run.operation(*operation);
}

}  // namespace gpubench::fake_cudnn
