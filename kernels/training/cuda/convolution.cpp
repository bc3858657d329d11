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

CudnnGraph cudnn_graph(const FusedConvolution& o) {
  using cudnn::pointwise, cudnn::Pointwise;
  using enum FusedConvolution::Fusion;
  const cudnn::Window by = window(o.shape);
  std::int64_t last = 0;
  const auto in_memory = [&](const Shape& shape, Type type) { return tensor(++last, shape, type); };
  const auto between = [&](const Shape& shape, Type type) {
    return tensor(++last, shape, type, Tensor::Place::virtual_one);
  };
  const Shape of_x{1, o.shape.in_channels, 1, 1}, of_y{1, o.shape.out_channels, 1, 1};
  const Tensor w = in_memory(o.shape.w(), o.type);
  if (o.fusion == relu_gradient) {
    const Tensor dy = in_memory(o.shape.y(), o.type), a = in_memory(o.shape.x(), o.type);
    const Tensor dx = in_memory(o.shape.x(), o.type), inner = between(o.shape.x(), Type::f32);
    return {.operations = {cudnn::convolution_data_gradient(by, dy, w, inner),
                           cudnn::pointwise_backward(Pointwise::relu_backward, inner, a, dx)},
            .inputs = places({dy, w, a}),
            .outputs = places({dx})};
  }
  const Tensor x = in_memory(o.shape.x(), o.type), y = in_memory(o.shape.y(), o.type);
  if (o.fusion == bias_relu) {
    const Tensor bias = in_memory(of_y, o.type);
    const Tensor sum = between(o.shape.y(), Type::f32), biased = between(o.shape.y(), Type::f32);
    return {.operations = {cudnn::convolution_forward(by, x, w, sum),
                           pointwise(Pointwise::add, sum, bias, biased),
                           pointwise(Pointwise::relu, biased, y)},
            .inputs = places({x, w, bias}),
            .outputs = places({y})};
  }
  const Tensor sum = in_memory(of_y, Type::f32), square_sum = in_memory(of_y, Type::f32);
  CudnnGraph graph{.inputs = places({x, w}), .outputs = places({y, sum, square_sum})};
  Tensor input = x;
  if (o.fusion == normalised_statistics) {
    const Tensor scale = in_memory(of_x, Type::f32), shift = in_memory(of_x, Type::f32);
    const Tensor scaled = between(o.shape.x(), Type::f32), shifted = between(o.shape.x(), Type::f32);
    input = between(o.shape.x(), o.type);
    graph.operations = {pointwise(Pointwise::mul, x, scale, scaled),
                        pointwise(Pointwise::add, scaled, shift, shifted),
                        pointwise(Pointwise::relu, shifted, input)};
    graph.inputs = places({x, w, scale, shift});
  }
  graph.operations.push_back(cudnn::convolution_forward(by, input, w, y));
  graph.operations.push_back(cudnn::statistics(y, sum, square_sum));
  return graph;
}

}  // namespace gpubench::training
