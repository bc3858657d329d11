#pragma once

#include <algorithm>

#include "kernels/gemm/cuda/product.hpp"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/gelu.cuh"

namespace gpubench::cuda {

/// What is done to a sum of products before it is stored: Product's, as a kernel has it.
template <class Out>
struct TileEpilogue {
  Out* c;
  const Out* bias;
  Out* aux;
  std::int64_t pitch;
  float alpha, beta;
  Activation activation;
};

template <class Out>
TileEpilogue<Out> epilogue_of(const Product& product) {
  return {.c = static_cast<Out*>(product.c),
          .bias = static_cast<const Out*>(product.bias),
          .aux = static_cast<Out*>(product.aux),
          .pitch = product.c_pitch,
          .alpha = product.alpha,
          .beta = product.beta,
          .activation = product.activation};
}

/// What a part of a sum is stored by that others are added to: as it is, row by row, without gaps.
__host__ __device__ inline TileEpilogue<float> part_of_sum(float* parts, std::int64_t n) {
  return {
      .c = parts, .bias = nullptr, .aux = nullptr, .pitch = n, .alpha = 1, .beta = 0, .activation = Activation::none};
}

/// alpha sum + beta c + bias. @pre the element is one of c's
template <class Out>
__device__ __forceinline__ float before_activation(const TileEpilogue<Out>& epilogue, float sum, int row, int column) {
  float x = epilogue.alpha * sum;
  if (epilogue.beta != 0) x += epilogue.beta * to_float(epilogue.c[row * epilogue.pitch + column]);
  if (epilogue.bias) x += to_float(epilogue.bias[column]);
  return x;
}

__device__ __forceinline__ float activated(Activation activation, float x) {
  if (activation == Activation::relu) return x < 0 ? 0.0F : x;  // NaN stays
  if (activation == Activation::gelu) return GeluForward::at(x, 0);
  return x;
}

}  // namespace gpubench::cuda
