#include "kernels/training/operation.hpp"

#include <optional>

#include <fmt/format.h>

namespace gpubench::training {
namespace {

TensorDesc tensor(Shape shape, Type type = Type::f32) { return {.shape = std::move(shape), .type = type}; }
TensorDesc numbers(std::int64_t count, Type type = Type::f32) { return tensor({count}, type); }
TensorDesc opaque() { return tensor({}, Type::opaque); }

double bytes_of(Type type) {
  switch (type) {
    case Type::f32:
    case Type::i32: return 4;
    case Type::bf16:
    case Type::f16: return 2;
    case Type::opaque: return 0;
  }
  return 0;
}

std::string text_of(const Shape& shape) {
  static constexpr char axes[] = "nchw";
  if (shape.size() != 4) return fmt::format("{}", fmt::join(shape, "x"));
  std::string text;
  for (std::size_t i = 0; i < 4; ++i) text += fmt::format("{}{}", axes[i], shape[i]);
  return text;
}
std::string text_of(const ConvolutionShape& s) {
  return fmt::format("{} k{}r{}s{}p{}", text_of(s.x()), s.out_channels, s.kernel, s.stride, s.padding);
}
std::string text_of(const PoolShape& s) {
  return fmt::format("{} r{}s{}p{}", text_of(s.x()), s.kernel, s.stride, s.padding);
}
std::string text_of(const LinearShape& s) {
  return fmt::format("{}x{}x{}{}", s.rows, s.out, s.in, s.bias ? "" : " without bias");
}
std::string text_of(const EmbeddingShape& s) {
  return fmt::format("{}x{} of {} by {}", s.batch, s.sequence, s.vocabulary, s.width);
}
std::string text_of(const AttentionShape& s) {
  return fmt::format("{}x{} heads {}x{}", s.batch, s.sequence, s.heads, s.head_size);
}

/// One overload an operation: everything about it in one place.
struct OperandsOf {
  Operands operator()(const ConvolutionForward& o) const {
    return {{tensor(o.shape.x(), o.type), tensor(o.shape.w(), o.type)}, {tensor(o.shape.y(), o.type)}};
  }
  Operands operator()(const ConvolutionDataGradient& o) const {
    return {{tensor(o.shape.y(), o.type), tensor(o.shape.w(), o.type)}, {tensor(o.shape.x(), o.type)}};
  }
  Operands operator()(const ConvolutionWeightGradient& o) const {
    return {{tensor(o.shape.x(), o.type), tensor(o.shape.y(), o.type)}, {tensor(o.shape.w(), o.type_of_dw)}};
  }
  Operands operator()(const FusedConvolution& o) const {
    using enum FusedConvolution::Fusion;
    const auto x = tensor(o.shape.x(), o.type), w = tensor(o.shape.w(), o.type), y = tensor(o.shape.y(), o.type);
    const auto of_x = numbers(o.shape.in_channels), of_y = numbers(o.shape.out_channels);
    switch (o.fusion) {
      case statistics: return {{x, w}, {y, of_y, of_y}};
      case normalised_statistics: return {{x, w, of_x, of_x}, {y, of_y, of_y}};
      case bias_relu: return {{x, w, numbers(o.shape.out_channels, o.type)}, {y}};
      case relu_gradient: return {{y, w, x}, {x}};
    }
    return {};
  }
  Operands operator()(const BatchNormForward& o) const {
    const auto c = o.shape[1];
    return {{tensor(o.shape, o.type), numbers(c), numbers(c)},
            {tensor(o.shape, o.type), numbers(c), numbers(c), opaque()}};
  }
  Operands operator()(const BatchNormBackward& o) const {
    const auto c = o.shape[1];
    const auto image = tensor(o.shape, o.type);
    return {{image, image, numbers(c), numbers(c), numbers(c), numbers(c), opaque(), image},
            {image, numbers(c), numbers(c)}};
  }
  Operands operator()(const AddReluForward& o) const { return two_to_one(o); }
  Operands operator()(const ReluBackward& o) const { return two_to_one(o); }
  Operands operator()(const Accumulate& o) const { return two_to_one(o); }
  Operands operator()(const MaxPoolForward& o) const {
    return {{tensor(o.shape.x(), o.type)}, {tensor(o.shape.y(), o.type), opaque()}};
  }
  Operands operator()(const MaxPoolBackward& o) const {
    return {{tensor(o.shape.x(), o.type), opaque(), tensor(o.shape.y(), o.type)}, {tensor(o.shape.x(), o.type)}};
  }
  Operands operator()(const AveragePoolForward& o) const {
    return {{tensor(o.shape, o.type)}, {tensor({o.shape[0], o.shape[1]}, o.type)}};
  }
  Operands operator()(const AveragePoolBackward& o) const {
    return {{tensor({o.shape[0], o.shape[1]}, o.type)}, {tensor(o.shape, o.type)}};
  }
  Operands operator()(const LinearForward& o) const {
    Operands all{{tensor(o.shape.x(), o.type), tensor(o.shape.w(), o.type)}, {tensor(o.shape.y(), o.type_of_y)}};
    if (o.shape.bias) all.inputs.push_back(numbers(o.shape.out));
    return all;
  }
  Operands operator()(const LinearDataGradient& o) const {
    return {{tensor(o.shape.y(), o.type), tensor(o.shape.w(), o.type)}, {tensor(o.shape.x(), o.type)}};
  }
  Operands operator()(const LinearWeightGradient& o) const {
    Operands all{{tensor(o.shape.x(), o.type), tensor(o.shape.y(), o.type)}, {tensor(o.shape.w())}};
    if (o.shape.bias) all.outputs.push_back(numbers(o.shape.out));
    return all;
  }
  Operands operator()(const LayerNormForward& o) const {
    const auto x = tensor({o.rows, o.width}, o.type);
    return {{x, numbers(o.width), numbers(o.width)}, {x, numbers(o.rows), numbers(o.rows)}};
  }
  Operands operator()(const LayerNormBackward& o) const {
    const auto x = tensor({o.rows, o.width}, o.type);
    return {{x, numbers(o.rows), numbers(o.rows), numbers(o.width), x}, {x, numbers(o.width), numbers(o.width)}};
  }
  Operands operator()(const GeluForward& o) const { return {{tensor(o.shape, o.type)}, {tensor(o.shape, o.type)}}; }
  Operands operator()(const GeluBackward& o) const { return two_to_one(o); }
  Operands operator()(const EmbeddingForward& o) const {
    return {{tensor(o.shape.x(), Type::i32), tensor(o.shape.table()), tensor(o.shape.position_table())},
            {tensor(o.shape.y(), o.type)}};
  }
  Operands operator()(const EmbeddingBackward& o) const {
    return {{tensor(o.shape.x(), Type::i32), tensor(o.shape.y(), o.type), tensor(o.shape.table())},
            {tensor(o.shape.table()), tensor(o.shape.position_table())}};
  }
  Operands operator()(const AttentionForward& o) const {
    return {{tensor(o.shape.qkv(), o.type)}, {tensor(o.shape.y(), o.type), opaque()}};
  }
  Operands operator()(const AttentionBackward& o) const {
    return {{tensor(o.shape.qkv(), o.type), opaque(), tensor(o.shape.y(), o.type)}, {tensor(o.shape.qkv(), o.type)}};
  }
  Operands operator()(const SoftmaxCrossEntropy& o) const {
    return {{tensor({o.rows, o.classes}), numbers(o.rows, Type::i32), tensor(StepState::shape())},
            {numbers(1), tensor({o.rows, o.classes}, o.type)}};
  }
  Operands operator()(const SgdMomentum& o) const {
    const auto all = numbers(o.count);
    return {{all, all, all, numbers(1), tensor(StepState::shape())}, {all, all}};
  }
  Operands operator()(const AdamW& o) const {
    const auto all = numbers(o.count);
    return {{all, all, all, all, numbers(1), tensor(StepState::shape())}, {all, all, all}};
  }
  Operands operator()(const CheckFinite& o) const {
    return {{numbers(o.count), tensor(StepState::shape())}, {tensor(StepState::shape())}};
  }
  Operands operator()(const UpdateState&) const { return {{tensor(StepState::shape())}, {tensor(StepState::shape())}}; }
  Operands operator()(const Reorder& o) const { return {{o.from}, {o.to}}; }

 private:
  template <class Elementwise>
  static Operands two_to_one(const Elementwise& o) {
    const auto one = tensor(o.shape, o.type);
    return {{one, one}, {one}};
  }
};

struct FlopsOf {
  double operator()(const ConvolutionForward& o) const { return o.shape.flops(); }
  double operator()(const ConvolutionDataGradient& o) const { return o.shape.flops(); }
  double operator()(const ConvolutionWeightGradient& o) const { return o.shape.flops(); }
  double operator()(const FusedConvolution& o) const { return o.shape.flops(); }
  double operator()(const LinearForward& o) const { return linear(o.shape); }
  double operator()(const LinearDataGradient& o) const { return linear(o.shape); }
  double operator()(const LinearWeightGradient& o) const { return linear(o.shape); }
  /// Two products forward, of the lower triangle; backward four, and the scores once more where they are not kept: the
  /// four that every implementation needs.
  double operator()(const AttentionForward& o) const { return 2 * triangle(o.shape); }
  double operator()(const AttentionBackward& o) const { return 4 * triangle(o.shape); }
  double operator()(const auto&) const { return 0; }  // bound by memory: their bytes say what they cost

 private:
  static double triangle(const AttentionShape& s) {
    const double pairs = 0.5 * static_cast<double>(s.sequence) * static_cast<double>(s.sequence + 1);
    return 2 * static_cast<double>(s.batch * s.heads * s.head_size) * pairs;
  }
  static double linear(const LinearShape& s) {
    return 2.0 * static_cast<double>(s.rows) * static_cast<double>(s.in) * static_cast<double>(s.out);
  }
};

struct Names {
  std::string_view kind, pass;
  std::string detail;
};
struct NamesOf {
  Names operator()(const ConvolutionForward& o) const { return {"convolution", "forward", of(o)}; }
  Names operator()(const ConvolutionDataGradient& o) const { return {"convolution", "data gradient", of(o)}; }
  Names operator()(const ConvolutionWeightGradient& o) const {
    const std::string to = o.type_of_dw == Type::f32 ? "" : fmt::format(" to {}", name(o.type_of_dw));
    return {"convolution", "weight gradient", of(o) + to};
  }
  Names operator()(const FusedConvolution& o) const {
    const bool backward = o.fusion == FusedConvolution::Fusion::relu_gradient;
    return {"convolution", backward ? "data gradient" : "forward", fmt::format("{} {}", of(o), name(o.fusion))};
  }
  Names operator()(const BatchNormForward& o) const {
    return {"batch norm", "forward", of(o) + (o.relu ? " relu" : "")};
  }
  Names operator()(const BatchNormBackward& o) const {
    return {"batch norm", "backward", of(o) + (o.relu ? " relu" : "")};
  }
  Names operator()(const AddReluForward& o) const { return {"relu", "forward", of(o)}; }
  Names operator()(const ReluBackward& o) const { return {"relu", "backward", of(o)}; }
  Names operator()(const MaxPoolForward& o) const { return {"max pooling", "forward", of(o)}; }
  Names operator()(const MaxPoolBackward& o) const { return {"max pooling", "backward", of(o)}; }
  Names operator()(const AveragePoolForward& o) const { return {"average pooling", "forward", of(o)}; }
  Names operator()(const AveragePoolBackward& o) const { return {"average pooling", "backward", of(o)}; }
  Names operator()(const LinearForward& o) const {
    return {"linear", "forward", of(o) + (o.type_of_y == o.type ? "" : fmt::format(" to {}", name(o.type_of_y)))};
  }
  Names operator()(const LinearDataGradient& o) const { return {"linear", "data gradient", of(o)}; }
  Names operator()(const LinearWeightGradient& o) const { return {"linear", "weight gradient", of(o)}; }
  Names operator()(const LayerNormForward& o) const { return {"layer norm", "forward", rows(o)}; }
  Names operator()(const LayerNormBackward& o) const { return {"layer norm", "backward", rows(o)}; }
  Names operator()(const GeluForward& o) const { return {"gelu", "forward", of(o)}; }
  Names operator()(const GeluBackward& o) const { return {"gelu", "backward", of(o)}; }
  Names operator()(const EmbeddingForward& o) const { return {"embedding", "forward", of(o)}; }
  Names operator()(const EmbeddingBackward& o) const { return {"embedding", "backward", of(o)}; }
  Names operator()(const AttentionForward& o) const { return {"attention", "forward", of(o)}; }
  Names operator()(const AttentionBackward& o) const { return {"attention", "backward", of(o)}; }
  Names operator()(const SoftmaxCrossEntropy& o) const {
    return {"loss", "forward", fmt::format("{} {}x{}", name(o.type), o.rows, o.classes)};
  }
  Names operator()(const SgdMomentum& o) const { return {"optimizer", "update", fmt::format("sgd {}", o.count)}; }
  Names operator()(const AdamW& o) const { return {"optimizer", "update", fmt::format("adamw {}", o.count)}; }
  Names operator()(const CheckFinite& o) const { return {"finite check", "update", fmt::format("{}", o.count)}; }
  Names operator()(const UpdateState& o) const {
    return {"step state", "update", o.dynamic_scale ? "dynamic scale" : "counts"};
  }
  Names operator()(const Accumulate& o) const { return {"sum", "", of(o)}; }
  Names operator()(const Reorder& o) const {
    return {"reorder", "", fmt::format("{} to {} {}", name(o.from.type), name(o.to.type), text_of(o.from.shape))};
  }

 private:
  static std::string rows(const auto& o) { return fmt::format("{} {}x{}", name(o.type), o.rows, o.width); }
  static std::string of(const auto& o) { return fmt::format("{} {}", name(o.type), text_of(o.shape)); }
};

std::optional<Shape> embedded_rows(const Operation& operation) {
  if (const auto* forward = std::get_if<EmbeddingForward>(&operation)) return forward->shape.y();
  if (const auto* backward = std::get_if<EmbeddingBackward>(&operation)) return backward->shape.y();
  return std::nullopt;
}

}  // namespace

double ConvolutionShape::flops() const {
  return 2.0 * static_cast<double>(elements(y())) * static_cast<double>(in_channels * kernel * kernel);
}

std::string_view name(FusedConvolution::Fusion fusion) {
  using enum FusedConvolution::Fusion;
  switch (fusion) {
    case statistics: return "bn-stats";
    case normalised_statistics: return "bnrelu-bn-stats";
    case bias_relu: return "bias-relu";
    case relu_gradient: return "drelu";
  }
  return "?";
}

Operands operands(const Operation& operation) { return std::visit(OperandsOf{}, operation); }

Work work(const Operation& operation) {
  Work total{.flops = std::visit(FlopsOf{}, operation)};
  if (const auto rows = embedded_rows(operation)) {  // of the tables only the rows that occur
    total.bytes = 3.0 * 4 * static_cast<double>(elements(*rows));
    return total;
  }
  const auto [inputs, outputs] = operands(operation);
  for (const auto& list : {inputs, outputs})
    for (const TensorDesc& operand : list)
      if (operand.type != Type::opaque)
        total.bytes += bytes_of(operand.type) * static_cast<double>(elements(operand.shape));
  return total;
}

std::string_view kind(const Operation& operation) { return std::visit(NamesOf{}, operation).kind; }
std::string_view pass(const Operation& operation) { return std::visit(NamesOf{}, operation).pass; }

std::string text(const Operation& operation) {
  const Names names = std::visit(NamesOf{}, operation);
  return fmt::format("{}{}{} {}", names.kind, names.pass.empty() ? "" : " ", names.pass, names.detail);
}

}  // namespace gpubench::training
