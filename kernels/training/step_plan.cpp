#include "kernels/training/step_plan.hpp"

#include <cmath>

#include "kernels/training/recorder.hpp"

namespace gpubench::training {
namespace {

/// Each layer records its forward nodes and leaves on the tape what records its backward ones.
class Lowering {
 public:
  Lowering(const Network& network, Layers& layers)
      : network_(network), layers_(layers), type_(activation_type(network.mode)), recorder_(layers) {}

  StepPlan plan() {
    StepPlan& plan = recorder_.plan();
    const Shape image{network_.batch, network_.channels, network_.height, network_.width};
    plan.image = image_ =
        recorder_.value({.shape = image, .type = type_}, Home::lasting);  // laid out by its first reader
    plan.labels = recorder_.value(layers_.plain({network_.batch}, Type::i32), Home::lasting);
    plan.rate = recorder_.value(layers_.plain({1}, Type::f32), Home::lasting);
    recorder_.phase("forward");
    for (const Layer& layer : network_.layers) forward(layer);
    loss();
    recorder_.phase("backward");
    for (auto backward = tape_.rbegin(); backward != tape_.rend(); ++backward) (*backward)();
    recorder_.phase("update");
    return recorder_.finish(network_.optimizer, network_.loss_scale);
  }

 private:
  int input(const Layer& layer, std::size_t index = 0) const {
    const int from = layer.inputs.at(index);
    return from == Layer::image ? image_ : outputs_.at(static_cast<std::size_t>(from));
  }

  void forward(const Layer& layer) {
    outputs_.push_back(std::visit([&](const auto& what) { return lower(layer, what); }, layer.what));
  }

  int lower(const Layer& layer, const Convolution& c) {
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
      if (x != image_)
        recorder_.contribute(x, recorder_.emit(ConvolutionDataGradient{s, type_}, {{dy}, weights_of(w)})[0]);
    });
    return y;
  }

  int lower(const Layer& layer, const BatchNorm& b) {
    const int x = input(layer);
    const Shape s = recorder_.shape(x);
    const int scale = recorder_.parameter(layer.name + ".scale", {s[1]}, false, b.initial_scale, 0);
    const int shift = recorder_.parameter(layer.name + ".shift", {s[1]}, false, 0, 0);
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

  int lower(const Layer& layer, const AddRelu&) {
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

  int lower(const Layer& layer, const MaxPool& p) {
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

  int lower(const Layer& layer, const GlobalAveragePool&) {
    const int x = input(layer);
    const Shape s = recorder_.shape(x);
    const int y = recorder_.emit(AveragePoolForward{s, type_}, {{x}})[0];
    tape_.push_back([=, this] {
      recorder_.contribute(x, recorder_.emit(AveragePoolBackward{s, type_}, {{recorder_.gradient(y)}})[0]);
    });
    return y;
  }

  int lower(const Layer& layer, const Linear& l) {
    const int x = input(layer);
    const LinearShape s{.rows = recorder_.shape(x)[0], .in = recorder_.shape(x)[1], .out = l.out_features};
    const int w = recorder_.parameter(layer.name + ".weight", s.w(), true, 0, l.deviation);
    const int bias = recorder_.parameter(layer.name + ".bias", {s.out}, false, 0, 0);
    const int y = recorder_.emit(LinearForward{s, type_}, {{x}, weights_of(w), weights_of(bias)})[0];
    tape_.push_back([=, this] {
      const int dy = recorder_.gradient(y);
      const auto gradients = recorder_.emit(LinearWeightGradient{s, type_}, {{x}, {dy}});
      recorder_.set_gradient(w, gradients[0]);
      recorder_.set_gradient(bias, gradients[1]);
      if (x != image_) recorder_.contribute(x, recorder_.emit(LinearDataGradient{s, type_}, {{dy}, weights_of(w)})[0]);
    });
    return y;
  }

  void loss() {
    const int logits = outputs_.back();
    const SoftmaxCrossEntropy operation{network_.batch, network_.classes, type_, network_.loss_scale};
    const auto out = recorder_.emit(operation, {{logits}, {recorder_.plan().labels}});
    recorder_.plan().loss = out[0];
    recorder_.plan().values[static_cast<std::size_t>(out[0])].home = Home::lasting;
    recorder_.contribute(logits, out[1]);
  }

  const Network& network_;
  Layers& layers_;
  Type type_;
  Recorder recorder_;
  int image_ = -1;
  std::vector<int> outputs_{};  // of each layer
  std::vector<std::function<void()>> tape_{};
};

}  // namespace

Type activation_type(Mode mode) {
  switch (mode) {
    case Mode::fp32:
    case Mode::tf32: return Type::f32;
    case Mode::amp_fp16: return Type::f16;
    case Mode::amp_bf16: return Type::bf16;
  }
  return Type::f32;
}

StepPlan plan_step(const Network& network, Layers& layers) { return Lowering(network, layers).plan(); }

}  // namespace gpubench::training
