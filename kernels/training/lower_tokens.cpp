#include "harness/core/error.hpp"
#include "kernels/training/lowering.hpp"

namespace gpubench::training {

int Lowering::lower(const Layer& layer, const Embedding& e) {
  const EmbeddingShape s{.batch = network_.batch,
                         .sequence = network_.sequence,
                         .vocabulary = network_.classes,
                         .positions = e.positions,
                         .width = e.width};
  table_ = recorder_.parameter(layer.name + ".tokens", s.table(), true, 0, e.deviation);
  const int positions = recorder_.parameter(layer.name + ".positions", s.position_table(), true, 0, e.deviation);
  const int tokens = input(layer);
  const int y = recorder_.emit(EmbeddingForward{s, type_}, {{tokens}, weights_of(table_), weights_of(positions)})[0];
  tape_.push_back([=, this] {
    if (table_gradient_ < 0) throw Error("an embedding needs an output layer that is tied to it");
    const auto gradients = recorder_.emit(
        EmbeddingBackward{s, type_}, {{tokens}, {recorder_.gradient(y)}, {table_gradient_}}, {table_gradient_});
    recorder_.set_gradient(table_, gradients[0]);
    recorder_.set_gradient(positions, gradients[1]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const LayerNorm&) {
  const int x = input(layer);
  const std::int64_t rows = recorder_.shape(x)[0], width = recorder_.shape(x)[1];
  const auto parameters = scale_and_shift(layer, width, 1);
  const int scale = parameters[0], shift = parameters[1];
  const auto out = recorder_.emit(LayerNormForward{.rows = rows, .width = width, .type = type_},
                                  {{x}, weights_of(scale), weights_of(shift)});
  const int y = out[0], mean = out[1], variance = out[2];
  tape_.push_back([=, this] {
    const auto back = recorder_.emit(LayerNormBackward{.rows = rows, .width = width, .type = type_},
                                     {{x}, {mean}, {variance}, weights_of(scale), {recorder_.gradient(y)}});
    recorder_.set_gradient(scale, back[1]);
    recorder_.set_gradient(shift, back[2]);
    recorder_.contribute(x, back[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const Gelu&) {
  const int x = input(layer);
  const Shape s = recorder_.shape(x);
  const int y = recorder_.emit(GeluForward{s, type_}, {{x}})[0];
  tape_.push_back([=, this] {
    recorder_.contribute(x, recorder_.emit(GeluBackward{s, type_}, {{x}, {recorder_.gradient(y)}})[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const Attention& a) {
  const int qkv = input(layer);
  const AttentionShape s{.batch = network_.batch,
                         .sequence = network_.sequence,
                         .heads = a.heads,
                         .head_size = recorder_.shape(qkv)[1] / 3 / a.heads};
  const auto out = recorder_.emit(AttentionForward{s, type_}, {{qkv}});
  const int y = out[0], saved = out[1];
  tape_.push_back([=, this] {
    recorder_.contribute(qkv,
                         recorder_.emit(AttentionBackward{s, type_}, {{qkv}, {saved}, {recorder_.gradient(y)}})[0]);
  });
  return y;
}

int Lowering::lower(const Layer& layer, const Add&) {
  const int a = input(layer, 0), b = input(layer, 1);
  const int y = recorder_.emit(Accumulate{recorder_.shape(a), type_}, {{a}, {b}})[0];
  tape_.push_back([=, this] {
    recorder_.contribute(a, recorder_.gradient(y));
    recorder_.contribute(b, recorder_.gradient(y));
  });
  return y;
}

/// Its weight gradient is not the parameter's yet: the embedding, which runs backward later, adds its own.
int Lowering::lower(const Layer& layer, const TiedLinear&) {
  if (table_ < 0) throw Error("an output layer can be tied only to an embedding before it");
  const int x = input(layer);
  const LinearShape s{
      .rows = recorder_.shape(x)[0], .in = recorder_.shape(x)[1], .out = network_.classes, .bias = false};
  const int y = recorder_.emit(LinearForward{s, type_, Type::f32}, {{x}, weights_of(table_)})[0];
  tape_.push_back([=, this] {
    const int dy = recorder_.gradient(y);
    table_gradient_ = recorder_.emit(LinearWeightGradient{s, type_}, {{x}, {dy}})[0];
    recorder_.contribute(x, recorder_.emit(LinearDataGradient{s, type_}, {{dy}, weights_of(table_)})[0]);
  });
  return y;
}

}  // namespace gpubench::training
