#pragma once

#include <cstdint>

#include "kernels/gemm/gemm.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench {

/// c[row, column] of set `set`, recomputed in double from the definition of the operands, before it is rounded to the
/// result's format; its bound is 0 for int8.
training::oracle::Truth truth_of(const Gemm& gemm, int set, std::int64_t row, std::int64_t column);

/// Number `index` of the other result of the epilogue: of aux row by row, else of the sums. @pre there is one
training::oracle::Truth side_truth_of(const Gemm& gemm, int set, std::int64_t index);

}  // namespace gpubench
