#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "kernels/gemm/cuda/product.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {

/// A product to try: what it is, and how its matrices lie.
struct ProductCase {
  Precision format = Precision::bf16;
  int m = 1, n = 1, k = 1;
  Operands operands = Operands::nt;
  int a_gap = 0, b_gap = 0, c_gap = 0;  ///< elements between the rows of each, that nobody may use
  int shift = 0;                        ///< elements of a gap before the first row of all
  float alpha = 1, beta = 0;
  bool bias = false, aux = false;
  cuda::Activation activation = cuda::Activation::none;
  Accumulation accumulation = Accumulation::promoted;
};
/// `bf16 136 x 72 x 136 nt …`, for messages.
std::string text_of(const ProductCase& one);

/// Enqueues a product. @param scratch room for the parts, null without
using EnqueueProduct = std::function<void(const cuda::Product& product, float* scratch)>;

/// Runs a product and compares every element of c (and aux) with one computed in double; gaps have to stay as they
/// were. Operands are random; what lies between their rows is NaN. @returns what is wrong, nothing where all is right
std::string check_product(const Device& device, const ProductCase& one, const EnqueueProduct& enqueue, int parts = 1);

}  // namespace gpubench::device_tests
