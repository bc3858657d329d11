#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/products.hpp"

namespace gpubench {

/// By oneDNN's matmul on the host CPU, whose caches hold `cache_bytes`. @throws Unsupported
std::unique_ptr<Products> onednn_products(const Gemm& gemm, double cache_bytes);

/// Why that cannot be; none if it can. Found out by describing the product, and doing a small one for int8.
std::optional<std::string> onednn_why_not(const Gemm& gemm);

}  // namespace gpubench
