#include <cmath>

#include "kernels/training/lowering.hpp"

namespace gpubench::training {

int Lowering::lower(const Layer& layer, const Convolution& c) {
  const int x = input(layer);
  const ConvolutionShape s{.batch = recorder_.shape(x)[0],
                           .in_channels = recorder_.shape(x)[1],
                           .height = recorder_.shape(x)[2],
                           .width = recorder_.shape(x)[3],
                           .out_channels = c.out_channels,
                           .kernel = c.kernel,
                           .stride = c.stride,
                           .padding = c.padding};
  const double fan_in = static_cast<double>(s.in_channels * s.kernel * s.kernel);
  const int w = recorder_.parameter(layer.name + ".weight", s.w(), true, 0, std::sqrt(2 / fan_in));
  const int y = recorder_.emit(ConvolutionForward{s, type_}, {{x}, weights_of(w)})[0];
  tape_.push_back([=, this] {
    const int dy = recorder_.gradient(y);
    recorder_.set_gradient(w, recorder_.emit(ConvolutionWeightGradient{s, type_}, {{x}, {dy}})[0]);
    if (x != input_)
      recorder_.contribute(x, recorder_.emit(ConvolutionDataGradient{s, type_}, {{dy}, weights_of(w)})[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const BatchNorm& b) {
  const int x = input(layer);
  const Shape s = recorder_.shape(x);
  const auto parameters = scale_and_shift(layer, s[1], b.initial_scale);
  const int scale = parameters[0], shift = parameters[1];
  const bool relu = b.relu;
  const auto out = recorder_.emit(BatchNormForward{s, relu, type_}, {{x}, weights_of(scale), weights_of(shift)});
  const int y = out[0], mean = out[1], variance = out[2], mask = out[3];
  tape_.push_back([=, this] {
    const auto back = recorder_.emit(
        BatchNormBackward{s, relu, type_},
        {{x}, {y}, {mean}, {variance}, weights_of(scale), weights_of(shift), {mask}, {recorder_.gradient(y)}});
    recorder_.set_gradient(scale, back[1]);
    recorder_.set_gradient(shift, back[2]);
    recorder_.contribute(x, back[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const AddRelu&) {
  const int a = input(layer, 0), b = input(layer, 1);
  const Shape s = recorder_.shape(a);
  const int y = recorder_.emit(AddReluForward{s, type_}, {{a}, {b}})[0];
  tape_.push_back([=, this] {
    const int dsum =
        recorder_.emit(ReluBackward{s, type_}, {{y}, {recorder_.gradient(y)}})[0];  // the gradient of both addends
    recorder_.contribute(a, dsum);
    recorder_.contribute(b, dsum);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const MaxPool& p) {
  const int x = input(layer);
  const PoolShape s{.batch = recorder_.shape(x)[0],
                    .channels = recorder_.shape(x)[1],
                    .height = recorder_.shape(x)[2],
                    .width = recorder_.shape(x)[3],
                    .kernel = p.kernel,
                    .stride = p.stride,
                    .padding = p.padding};
  const auto out = recorder_.emit(MaxPoolForward{s, type_}, {{x}});
  const int y = out[0], argmax = out[1];
  tape_.push_back([=, this] {
    recorder_.contribute(x, recorder_.emit(MaxPoolBackward{s, type_}, {{x}, {argmax}, {recorder_.gradient(y)}})[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const GlobalAveragePool&) {
  const int x = input(layer);
  const Shape s = recorder_.shape(x);
  const int y = recorder_.emit(AveragePoolForward{s, type_}, {{x}})[0];
  tape_.push_back([=, this] {
    recorder_.contribute(x, recorder_.emit(AveragePoolBackward{s, type_}, {{recorder_.gradient(y)}})[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const Linear& l) {
  const int x = input(layer);
  const LinearShape s{.rows = recorder_.shape(x)[0], .in = recorder_.shape(x)[1], .out = l.out_features};
  const int w = recorder_.parameter(layer.name + ".weight", s.w(), true, 0, l.deviation);
  const int bias = recorder_.parameter(layer.name + ".bias", {s.out}, false, 0, 0);
  const int y = recorder_.emit(LinearForward{s, type_, gives_logits(layer) ? Type::f32 : type_},
                               {{x}, weights_of(w), weights_of(bias)})[0];
  tape_.push_back([=, this] {
    const int dy = recorder_.gradient(y);
    const auto gradients = recorder_.emit(LinearWeightGradient{s, type_}, {{x}, {dy}});
    recorder_.set_gradient(w, gradients[0]);
    recorder_.set_gradient(bias, gradients[1]);
    if (x != input_) recorder_.contribute(x, recorder_.emit(LinearDataGradient{s, type_}, {{dy}, weights_of(w)})[0]);
  });
  return y;
}

}  // namespace gpubench::training
