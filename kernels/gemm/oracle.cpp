#include "kernels/gemm/oracle.hpp"

#include "kernels/gemm/values.hpp"
#include "kernels/training/oracle/bound.hpp"

namespace gpubench {
namespace {

using training::Type;

Type result_type(Precision format) {
  if (format == Precision::fp32 || format == Precision::tf32) return Type::f32;
  return format == Precision::fp16 ? Type::f16 : Type::bf16;
}

}  // namespace

training::oracle::Truth truth_of(const Gemm& gemm, int set, std::int64_t row, std::int64_t column) {
  const OperandValues a(gemm, 0, set), b(gemm, 1, set);
  const bool turned_a = first_transposed(gemm.operands), turned_b = second_transposed(gemm.operands);
  training::oracle::Sum sum;
  for (std::int64_t p = 0; p < gemm.k; ++p) {
    const float one = a.at(turned_a ? p * gemm.m + row : row * gemm.k + p);
    const float other = b.at(turned_b ? column * gemm.k + p : p * gemm.n + column);
    sum.add(static_cast<double>(one) * static_cast<double>(other));
  }
  if (gemm.format == Precision::int8) return {.value = sum.value()};  // below 2^53: exact
  const Type type = result_type(gemm.format);
  return training::oracle::stored(type, sum.value(), error_of_products(sum, type, gemm.format));
}

}  // namespace gpubench
