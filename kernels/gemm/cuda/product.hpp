#pragma once

#include <cstdint>

#include "harness/core/precision.hpp"
#include "kernels/gemm/gemm.hpp"

namespace gpubench::cuda {

enum class Activation { none, relu, gelu };  ///< GELU is the form with tanh

/// A matrix in the device's memory. Rows are as they lie there: of a transposed operand they are its columns.
struct Matrix {
  const void* data = nullptr;
  std::int64_t pitch = 0;   ///< elements from the beginning of one row to that of the next
  bool transposed = false;  ///< of a: it lies as k x m; of b: as n x k
};

/// c = activation(alpha a b + beta c + bias), as our own kernels are told it: a is m x k, b is k x n, c is m x n and
/// lies row by row. Products are added in FP32; c is in the operands' format, of fp8 in bf16.
struct Product {
  Precision format = Precision::bf16;                  ///< of a and b; not int8
  Accumulation accumulation = Accumulation::promoted;  ///< of fp8
  std::int64_t m = 0, n = 0, k = 0;                    ///< each below 2^31; k may be 0
  Matrix a{}, b{};
  void* c = nullptr;
  std::int64_t c_pitch = 0;
  float alpha = 1, beta = 0;   ///< where beta is 0, c is not read
  const void* bias = nullptr;  ///< n numbers in c's format, one for each column; null: none
  Activation activation = Activation::none;
  void* aux = nullptr;  ///< what the activation is applied to, as c lies; null: it is not kept
};

/// The format of c, bias and aux; of int8 c is int32, and the others are not there.
constexpr Precision result_format(Precision format) { return format == Precision::fp8 ? Precision::bf16 : format; }

/// The piece of c that a block computes, and how it goes through k.
struct Tile {
  int m = 0, n = 0, k = 0;  ///< k: of one stage
  int stages = 0;
  int cluster_rows = 1, cluster_columns = 1;  ///< blocks that share what they fetch, of b and of a
};

}  // namespace gpubench::cuda
