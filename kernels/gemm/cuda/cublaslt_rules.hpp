#pragma once

#include <optional>
#include <string>

#include "kernels/gemm/gemm.hpp"

namespace gpubench::cuda {

/// Why cuBLASLt cannot do a product on a GPU of that compute capability (90 is 9.0); none where these rules know
/// nothing against it: the library has the last word. From its documentation, "Data Layout and Alignment" and the
/// requirements of cublasLtMatmul() for FP8 and INT8 (CUDA 13.0).
std::optional<std::string> against_cublaslt_rules(const Gemm& gemm, int capability);

}  // namespace gpubench::cuda
