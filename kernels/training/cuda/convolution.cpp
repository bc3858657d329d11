#include "harness/devices/cuda/cudnn/operations.hpp"
#include "kernels/training/cuda/cudnn_types.hpp"
#include "kernels/training/cuda/graphs.hpp"

namespace gpubench::training {
namespace {

using cudnn::Tensor;

constexpr std::int64_t first = 1, second = 2, result = 3, inner = 4;  // ids

Tensor tensor(std::int64_t id, const Shape& shape, Type type, Tensor::Place place = Tensor::Place::memory) {
  return {
      .id = id, .type = cudnn_type(type), .dimensions = shape, .strides = cudnn::channels_last(shape), .place = place};
}

/// Tensors that are operands, in their order.
std::vector<CudnnGraph::Place> places(std::initializer_list<Tensor> tensors) {
  std::vector<CudnnGraph::Place> all;
  for (const Tensor& one : tensors) all.push_back({.id = one.id, .operand = all.size()});
  return all;
}

std::int64_t by_eight(std::int64_t channels) { return (channels + 7) / 8 * 8; }

cudnn::Window window(const ConvolutionShape& shape) { return {.padding = shape.padding, .stride = shape.stride}; }

}  // namespace

CudnnGraph cudnn_graph(const ConvolutionForward& o) {
  const Tensor x = tensor(first, o.shape.x(), o.type), w = tensor(second, o.shape.w(), o.type);
  const Tensor y = tensor(result, o.shape.y(), o.type);
  return {.operations = {cudnn::convolution_forward(window(o.shape), x, w, y)},
          .inputs = places({x, w}),
          .outputs = places({y})};
}

CudnnGraph cudnn_graph(const ConvolutionDataGradient& o) {
  const Tensor dy = tensor(first, o.shape.y(), o.type), w = tensor(second, o.shape.w(), o.type);
  const Tensor dx = tensor(result, o.shape.x(), o.type);
  return {.operations = {cudnn::convolution_data_gradient(window(o.shape), dy, w, dx)},
          .inputs = places({dy, w}),
          .outputs = places({dx})};
}

CudnnGraph cudnn_graph(const ConvolutionWeightGradient& o) {
  ConvolutionShape shape = o.shape;
  if (o.type == o.type_of_dw) {
    const Tensor x = tensor(first, shape.x(), o.type), dy = tensor(second, shape.y(), o.type);
    const Tensor dw = tensor(result, shape.w(), o.type_of_dw);
    return {.operations = {cudnn::convolution_weight_gradient(window(shape), x, dy, dw)},
            .inputs = places({x, dy}),
            .outputs = places({dw})};
  }
  shape.in_channels = by_eight(shape.in_channels);
  shape.out_channels = by_eight(shape.out_channels);
  const Tensor x = tensor(first, shape.x(), o.type), dy = tensor(second, shape.y(), o.type);
  const Tensor sums = tensor(inner, shape.w(), Type::f32, Tensor::Place::virtual_one);
  const Tensor dw = tensor(result, shape.w(), Type::f32);
  return {.operations = {cudnn::convolution_weight_gradient(window(shape), x, dy, sums),
                         cudnn::pointwise(cudnn::Pointwise::identity, sums, dw)},
          .inputs = places({x, dy}),
          .outputs = places({dw}),
          .input_rooms = {shape.x(), shape.y()},
          .output_rooms = {shape.w()}};
}

namespace {

using cudnn::pointwise, cudnn::Pointwise;

/// The tensors of one graph: each gets an id of its own.
class Tensors {
 public:
  Tensor in_memory(const Shape& shape, Type type) { return tensor(++last_, shape, type); }
  Tensor between(const Shape& shape, Type type) { return tensor(++last_, shape, type, Tensor::Place::virtual_one); }
  Tensor by_channel(std::int64_t channels, Type type) { return in_memory({1, channels, 1, 1}, type); }

 private:
  std::int64_t last_ = 0;
};

CudnnGraph with_relu_gradient(const FusedConvolution& o) {
  Tensors tensors;
  const Tensor dy = tensors.in_memory(o.shape.y(), o.type), w = tensors.in_memory(o.shape.w(), o.type);
  const Tensor a = tensors.in_memory(o.shape.x(), o.type), dx = tensors.in_memory(o.shape.x(), o.type);
  const Tensor inner = tensors.between(o.shape.x(), Type::f32);
  return {.operations = {cudnn::convolution_data_gradient(window(o.shape), dy, w, inner),
                         cudnn::pointwise_backward(Pointwise::relu_backward, inner, a, dx)},
          .inputs = places({dy, w, a}),
          .outputs = places({dx})};
}

CudnnGraph with_bias_and_relu(const FusedConvolution& o) {
  Tensors tensors;
  const Tensor x = tensors.in_memory(o.shape.x(), o.type), w = tensors.in_memory(o.shape.w(), o.type);
  const Tensor bias = tensors.by_channel(o.shape.out_channels, o.type), y = tensors.in_memory(o.shape.y(), o.type);
  const Tensor sum = tensors.between(o.shape.y(), Type::f32), biased = tensors.between(o.shape.y(), Type::f32);
  return {.operations = {cudnn::convolution_forward(window(o.shape), x, w, sum),
                         pointwise(Pointwise::add, sum, bias, biased),
                         pointwise(Pointwise::relu, biased, y)},
          .inputs = places({x, w, bias}),
          .outputs = places({y})};
}

CudnnGraph with_statistics(const FusedConvolution& o) {
  Tensors tensors;
  const Tensor x = tensors.in_memory(o.shape.x(), o.type), w = tensors.in_memory(o.shape.w(), o.type);
  const Tensor y = tensors.in_memory(o.shape.y(), o.type);
  const Tensor sum = tensors.by_channel(o.shape.out_channels, Type::f32);
  const Tensor square_sum = tensors.by_channel(o.shape.out_channels, Type::f32);
  CudnnGraph graph{.inputs = places({x, w}), .outputs = places({y, sum, square_sum})};
  Tensor input = x;
  if (o.fusion == FusedConvolution::Fusion::normalised_statistics) {
    const Tensor scale = tensors.by_channel(o.shape.in_channels, Type::f32);
    const Tensor shift = tensors.by_channel(o.shape.in_channels, Type::f32);
    const Tensor scaled = tensors.between(o.shape.x(), Type::f32), shifted = tensors.between(o.shape.x(), Type::f32);
    input = tensors.between(o.shape.x(), o.type);
    graph.operations = {pointwise(Pointwise::mul, x, scale, scaled),
                        pointwise(Pointwise::add, scaled, shift, shifted),
                        pointwise(Pointwise::relu, shifted, input)};
    graph.inputs = places({x, w, scale, shift});
  }
  graph.operations.push_back(cudnn::convolution_forward(window(o.shape), input, w, y));
  graph.operations.push_back(cudnn::statistics(y, sum, square_sum));
  return graph;
}

}  // namespace

CudnnGraph cudnn_graph(const FusedConvolution& o) {
  using enum FusedConvolution::Fusion;
  if (o.fusion == relu_gradient) return with_relu_gradient(o);
  return o.fusion == bias_relu ? with_bias_and_relu(o) : with_statistics(o);
}

}  // namespace gpubench::training
