#include "harness/devices/cuda/cudnn/operations.hpp"

#include <vector>

namespace gpubench::cudnn {
namespace {

constexpr std::int64_t spatial = 2;

Descriptor convolution(const Window& window) {
  const std::vector<std::int64_t> padding(spatial, window.padding), stride(spatial, window.stride), one(spatial, 1);
  Descriptor made(DescriptorType::convolution, "convolution");
  made.set(Attribute::convolution_precision, DataType::f32)
      .set(Attribute::convolution_mode, ConvolutionMode::cross_correlation)
      .set(Attribute::convolution_dimensions, spatial)
      .set(Attribute::convolution_pre_paddings, padding)
      .set(Attribute::convolution_post_paddings, padding)
      .set(Attribute::convolution_strides, stride)
      .set(Attribute::convolution_dilations, one);
  return made.finalize();
}

Descriptor pointwise_of(Pointwise f, DataType precision = DataType::f32) {
  Descriptor made(DescriptorType::pointwise, "pointwise function");
  made.set(Attribute::pointwise_mode, f).set(Attribute::pointwise_precision, precision);
  return made.finalize();
}

}  // namespace

Descriptor convolution_forward(const Window& window, const Tensor& x, const Tensor& w, const Tensor& y) {
  Descriptor made(DescriptorType::convolution_forward, "convolution forward");
  made.set(Attribute::forward_convolution, convolution(window))
      .set(Attribute::forward_x, x.described())
      .set(Attribute::forward_w, w.described())
      .set(Attribute::forward_y, y.described())
      .set(Attribute::forward_alpha, 1.0F)
      .set(Attribute::forward_beta, 0.0F);
  return made.finalize();
}

Descriptor convolution_data_gradient(const Window& window, const Tensor& dy, const Tensor& w, const Tensor& dx) {
  Descriptor made(DescriptorType::convolution_data_gradient, "convolution data gradient");
  made.set(Attribute::data_gradient_convolution, convolution(window))
      .set(Attribute::data_gradient_dy, dy.described())
      .set(Attribute::data_gradient_w, w.described())
      .set(Attribute::data_gradient_dx, dx.described())
      .set(Attribute::data_gradient_alpha, 1.0F)
      .set(Attribute::data_gradient_beta, 0.0F);
  return made.finalize();
}

Descriptor convolution_weight_gradient(const Window& window, const Tensor& x, const Tensor& dy, const Tensor& dw) {
  Descriptor made(DescriptorType::convolution_weight_gradient, "convolution weight gradient");
  made.set(Attribute::weight_gradient_convolution, convolution(window))
      .set(Attribute::weight_gradient_x, x.described())
      .set(Attribute::weight_gradient_dy, dy.described())
      .set(Attribute::weight_gradient_dw, dw.described())
      .set(Attribute::weight_gradient_alpha, 1.0F)
      .set(Attribute::weight_gradient_beta, 0.0F);
  return made.finalize();
}

Descriptor pointwise(Pointwise f, const Tensor& x, const Tensor& y) {
  Descriptor made(DescriptorType::pointwise_operation, "pointwise operation");
  made.set(Attribute::pointwise_descriptor, pointwise_of(f))
      .set(Attribute::pointwise_x, x.described())
      .set(Attribute::pointwise_y, y.described());
  return made.finalize();
}

Descriptor pointwise(Pointwise f, const Tensor& x, const Tensor& b, const Tensor& y) {
  Descriptor made(DescriptorType::pointwise_operation, "pointwise operation");
  made.set(Attribute::pointwise_descriptor, pointwise_of(f))
      .set(Attribute::pointwise_x, x.described())
      .set(Attribute::pointwise_b, b.described())
      .set(Attribute::pointwise_y, y.described());
  return made.finalize();
}

Descriptor pointwise_backward(Pointwise f, const Tensor& dy, const Tensor& x, const Tensor& dx) {
  Descriptor made(DescriptorType::pointwise_operation, "pointwise gradient");
  made.set(Attribute::pointwise_descriptor, pointwise_of(f))
      .set(Attribute::pointwise_dy, dy.described())
      .set(Attribute::pointwise_x, x.described())
      .set(Attribute::pointwise_dx, dx.described());
  return made.finalize();
}

Descriptor position_along(std::int64_t axis, const Tensor& x, const Tensor& y) {
  Descriptor how(DescriptorType::pointwise, "pointwise function");
  how.set(Attribute::pointwise_mode, Pointwise::index)
      .set(Attribute::pointwise_precision, DataType::f32)
      .set(Attribute::pointwise_axis, axis)
      .finalize();
  Descriptor made(DescriptorType::pointwise_operation, "position");
  made.set(Attribute::pointwise_descriptor, how)
      .set(Attribute::pointwise_x, x.described())
      .set(Attribute::pointwise_y, y.described());
  return made.finalize();
}

Descriptor at_least(const Tensor& a, const Tensor& b, const Tensor& y) {
  Descriptor made(DescriptorType::pointwise_operation, "comparison");
  made.set(Attribute::pointwise_descriptor, pointwise_of(Pointwise::greater_or_equal, DataType::boolean))
      .set(Attribute::pointwise_x, a.described())
      .set(Attribute::pointwise_b, b.described())
      .set(Attribute::pointwise_y, y.described());
  return made.finalize();
}

Descriptor select(const Tensor& where, const Tensor& x, const Tensor& otherwise, const Tensor& y) {
  Descriptor made(DescriptorType::pointwise_operation, "selection");
  made.set(Attribute::pointwise_descriptor, pointwise_of(Pointwise::select))
      .set(Attribute::pointwise_x, x.described())
      .set(Attribute::pointwise_b, otherwise.described())
      .set(Attribute::pointwise_t, where.described())
      .set(Attribute::pointwise_y, y.described());
  return made.finalize();
}

Descriptor reshape(const Tensor& x, const Tensor& y) {
  Descriptor made(DescriptorType::reshape_operation, "reshape");
  made.set(Attribute::reshape_x, x.described()).set(Attribute::reshape_y, y.described());
  return made.finalize();
}

Descriptor statistics(const Tensor& x, const Tensor& sum, const Tensor& square_sum) {
  Descriptor made(DescriptorType::statistics_operation, "statistics operation");
  made.set(Attribute::statistics_mode, StatisticsMode::sum_and_square_sum)
      .set(Attribute::statistics_precision, DataType::f32)
      .set(Attribute::statistics_x, x.described())
      .set(Attribute::statistics_sum, sum.described())
      .set(Attribute::statistics_square_sum, square_sum.described());
  return made.finalize();
}

Descriptor reduction(Reduction by, const Tensor& x, const Tensor& y) {
  Descriptor how(DescriptorType::reduction, "reduction");
  how.set(Attribute::reduction_operator, by).set(Attribute::reduction_precision, DataType::f32).finalize();
  Descriptor made(DescriptorType::reduction_operation, "reduction operation");
  made.set(Attribute::reduction_descriptor, how)
      .set(Attribute::reduction_x, x.described())
      .set(Attribute::reduction_y, y.described());
  return made.finalize();
}

Descriptor matmul(const Tensor& a, const Tensor& b, const Tensor& c) {
  Descriptor how(DescriptorType::matmul, "matmul");
  how.set(Attribute::matmul_precision, DataType::f32).finalize();
  Descriptor made(DescriptorType::matmul_operation, "matmul operation");
  made.set(Attribute::matmul_descriptor, how)
      .set(Attribute::matmul_a, a.described())
      .set(Attribute::matmul_b, b.described())
      .set(Attribute::matmul_c, c.described());
  return made.finalize();
}

Descriptor normalisation(const Normalisation& operands) {
  Descriptor made(DescriptorType::norm_forward, "normalisation");
  made.set(Attribute::norm_forward_mode, operands.mode)
      .set(Attribute::norm_forward_phase, NormPhase::training)
      .set(Attribute::norm_forward_x, operands.x.described())
      .set(Attribute::norm_forward_scale, operands.scale.described())
      .set(Attribute::norm_forward_shift, operands.shift.described())
      .set(Attribute::norm_forward_epsilon, operands.epsilon.described())
      .set(Attribute::norm_forward_mean, operands.mean.described())
      .set(Attribute::norm_forward_inverse_deviation, operands.inverse_deviation.described())
      .set(Attribute::norm_forward_y, operands.y.described());
  if (const auto& running = operands.running)
    made.set(Attribute::norm_forward_average_factor, running->factor.described())
        .set(Attribute::norm_forward_running_mean, running->mean.described())
        .set(Attribute::norm_forward_running_variance, running->variance.described())
        .set(Attribute::norm_forward_next_running_mean, running->next_mean.described())
        .set(Attribute::norm_forward_next_running_variance, running->next_variance.described());
  return made.finalize();
}

Descriptor normalisation_gradient(const NormalisationGradient& operands) {
  Descriptor made(DescriptorType::norm_backward, "normalisation gradient");
  made.set(Attribute::norm_backward_mode, operands.mode)
      .set(Attribute::norm_backward_x, operands.x.described())
      .set(Attribute::norm_backward_dy, operands.dy.described())
      .set(Attribute::norm_backward_scale, operands.scale.described())
      .set(Attribute::norm_backward_mean, operands.mean.described())
      .set(Attribute::norm_backward_inverse_deviation, operands.inverse_deviation.described())
      .set(Attribute::norm_backward_dx, operands.dx.described())
      .set(Attribute::norm_backward_dscale, operands.dscale.described())
      .set(Attribute::norm_backward_dshift, operands.dshift.described());
  return made.finalize();
}

}  // namespace gpubench::cudnn
