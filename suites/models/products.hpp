#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/gemm/gemm.hpp"
#include "kernels/training/network.hpp"
#include "suites/models/transformer.hpp"

namespace gpubench {

/// y = x w^T with x {rows, in} and w {out, in}: the matrix product of a layer that a network has `count` times.
struct LayerProduct {
  std::string layer{};  ///< `attention Q, K, V`
  std::int64_t rows = 1, out = 1, in = 1;
  int count = 1;
};

/// Of a transformer on so many tokens; the products inside attention, one a head, are not among them.
std::vector<LayerProduct> products_of(const Transformer& transformer, std::int64_t tokens);

/// Of a convolutional network on its batch: its linear layers, and the convolutions that are products as they stand (1
/// x 1 with stride 1, of a pixel's channels by the filters).
std::vector<LayerProduct> products_of(const training::Network& network);

enum class Pass { forward, data_gradient, weight_gradient };
inline constexpr Pass all_passes[] = {Pass::forward, Pass::data_gradient, Pass::weight_gradient};

/// One pass of a layer: y = x w^T, dx = dy w, or dw = dy^T x.
Gemm product_of(const LayerProduct& product, Pass pass, Precision format);

}  // namespace gpubench
