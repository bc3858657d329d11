#include "suites/models/products.hpp"

#include <fmt/format.h>

#include "suites/models/matrix_layers.hpp"

namespace gpubench {

std::vector<LayerProduct> products_of(const Transformer& t, std::int64_t tokens) {
  const int up = t.gated ? 2 : 1;  // the gate has the shape of the way up
  return {{.layer = "attention Q, K, V", .rows = tokens, .out = 3 * t.width, .in = t.width, .count = t.layers},
          {.layer = "attention output", .rows = tokens, .out = t.width, .in = t.width, .count = t.layers},
          {.layer = t.gated ? "feed-forward up, gate" : "feed-forward up",
           .rows = tokens,
           .out = t.feed_forward,
           .in = t.width,
           .count = up * t.layers},
          {.layer = "feed-forward down", .rows = tokens, .out = t.width, .in = t.feed_forward, .count = t.layers},
          {.layer = "vocabulary", .rows = tokens, .out = t.vocabulary, .in = t.width}};
}

std::vector<LayerProduct> products_of(const training::Network& network) {
  const MatrixLayers layers = matrix_layers_of(network);
  std::vector<LayerProduct> products;
  for (const auto& [layer, shape, count] : layers.convolutions)
    if (shape.kernel == 1 && shape.stride == 1)
      products.push_back({.layer = layer,
                          .rows = shape.batch * shape.out_height() * shape.out_width(),
                          .out = shape.out_channels,
                          .in = shape.in_channels,
                          .count = count});
  for (const auto& [layer, shape] : layers.linears)
    products.push_back({.layer = layer, .rows = shape.rows, .out = shape.out, .in = shape.in});
  return products;
}

Gemm product_of(const LayerProduct& p, Pass pass, Precision format) {
  Gemm gemm{.m = p.rows, .n = p.out, .k = p.in, .format = format, .operands = Operands::nt};
  gemm.layer = LayerOf{.name = p.layer, .pass = "forward", .count = p.count};
  if (pass == Pass::data_gradient) {
    gemm = {.m = p.rows, .n = p.in, .k = p.out, .format = format, .operands = Operands::nn, .layer = gemm.layer};
    gemm.layer->pass = "data gradient";
  }
  if (pass == Pass::weight_gradient) {
    gemm = {.m = p.out, .n = p.in, .k = p.rows, .format = format, .operands = Operands::tn, .layer = gemm.layer};
    gemm.layer->pass = "weight gradient";
  }
  gemm.layer->shape = fmt::format("{} x {} x {}", gemm.m, gemm.n, gemm.k);
  return gemm;
}

}  // namespace gpubench
