#pragma once

#include <memory>

#include "harness/kernel.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/products.hpp"

namespace gpubench {

/// A product as a kernel, whoever does it: sets of operands take turns, results are spoilt before the timed window and
/// checked after it. At least 256 elements are recomputed in double, of every set that ran some.
std::unique_ptr<Kernel> make_gemm_kernel(const Gemm& gemm, std::unique_ptr<Products> products);

}  // namespace gpubench
