#include "kernels/gemm/oracle.hpp"

#include <algorithm>
#include <cmath>

#include "kernels/gemm/values.hpp"
#include "kernels/training/oracle/bound.hpp"

namespace gpubench {
namespace {

using namespace training::oracle;
using training::Type;

Type result_type(Precision format) {
  if (format == Precision::fp32 || format == Precision::tf32) return Type::f32;
  return format == Precision::fp16 ? Type::f16 : Type::bf16;
}

/// A number in double, and by how much correct arithmetic in FP32 may miss it.
struct Found {
  double value = 0, error = 0;
};

/// Tensor Cores add FP8's products in registers that keep 13 bits behind the largest of what is added and cut off the
/// rest (DeepSeek-AI 2024, DeepSeek-V3 technical report, 3.3.2: "around 14 bits"). `fast` does so over the whole sum;
/// `promoted` begins anew every 128 products and adds those sums in FP32. Each product is cut by less than a unit, and
/// the cuts are of both signs as the products are: one unit for each, added up as independent errors, is several times
/// what this model shows. Not yet compared with hardware.
double error_of_fp8(const Sum& sum, const Gemm& gemm) {
  constexpr double cut = 0x1p-13, until_promoted = 128;
  const auto length = static_cast<double>(gemm.k);
  const double alone = gemm.accumulation == Accumulation::fast ? length : std::min(length, until_promoted);
  const double partial_sum = 2 * sum.norm() * std::sqrt(alone / length);
  return cut * (partial_sum + sum.largest_term()) * std::sqrt(length) + 4 * sum.error();
}

class Truths {
 public:
  Truths(const Gemm& gemm, int set)
      : gemm_(gemm),
        a_(gemm, Operand::a, set),
        b_(gemm, Operand::b, set),
        bias_(gemm, Operand::bias, set),
        aux_(gemm, Operand::aux, set),
        type_(result_type(gemm.format)) {}

  Truth result(std::int64_t row, std::int64_t column) const {
    if (gemm_.format == Precision::int8) return {.value = products(row, column).value};  // below 2^53: exact
    const Found found = before_rounding(row, column);
    return stored(type_, found.value, found.error);
  }

  Truth side(std::int64_t index) const {
    if (gemm_.epilogue == Epilogue::bias_gelu) {
      const Found found = with_bias(index / gemm_.n, index % gemm_.n);
      return stored(type_, found.value, found.error);
    }
    // Sums of what was computed; by whether that was rounded first their terms differ by as much, each by chance.
    Sum sum;
    double squares = 0;
    if (gemm_.epilogue == Epilogue::bias_gradient) {
      for (std::int64_t p = 0; p < gemm_.k; ++p) sum.add(a(index, p));
    } else {
      for (std::int64_t row = 0; row < gemm_.m; ++row) {
        const Truth one = result(row, index);
        sum.add(one.value);
        squares += one.bound * one.bound;
      }
    }
    return stored(type_, sum.value(), 4 * sum.error() + safety * std::sqrt(squares));
  }

 private:
  double a(std::int64_t row, std::int64_t p) const {
    return static_cast<double>(a_.at(first_transposed(gemm_.operands) ? p * gemm_.m + row : row * gemm_.k + p));
  }
  double b(std::int64_t p, std::int64_t column) const {
    return static_cast<double>(b_.at(second_transposed(gemm_.operands) ? column * gemm_.k + p : p * gemm_.n + column));
  }

  Found products(std::int64_t row, std::int64_t column) const {
    Sum sum;
    for (std::int64_t p = 0; p < gemm_.k; ++p) sum.add(a(row, p) * b(p, column));
    const double error =
        gemm_.format == Precision::fp8 ? error_of_fp8(sum, gemm_) : error_of_products(sum, type_, gemm_.format);
    return {alpha_of(gemm_) * sum.value(), alpha_of(gemm_) * error};
  }
  Found with_bias(std::int64_t row, std::int64_t column) const {
    Found found = products(row, column);
    found.value += static_cast<double>(bias_.at(column));
    found.error += u * std::abs(found.value);
    return found;
  }

  Found before_rounding(std::int64_t row, std::int64_t column) const {
    using enum Epilogue;
    switch (gemm_.epilogue) {
      case none:
      case bias_gradient: return products(row, column);
      case bias: return with_bias(row, column);
      case bias_gelu: {
        Found x = with_bias(row, column);
        x.error += half_ulp(std::abs(x.value) + x.error, format_of(type_));  // it may see what it stores
        const Gelu gelu(x.value);
        return {gelu.value, gelu.error + Gelu::steepest * x.error};
      }
      case gelu_gradient: {
        const Found ab = products(row, column);
        const Gelu gelu(static_cast<double>(aux_.at(row * gemm_.n + column)));
        return {ab.value * gelu.slope, std::abs(ab.value) * gelu.error_of_slope + Gelu::steepest * ab.error};
      }
    }
    return {};
  }

  /// GELU and its derivative; their errors are those of a fast tanh, whose relative error is 2^-11 (PTX ISA,
  /// tanh.approx).
  struct Gelu {
    explicit Gelu(double x) {
      constexpr double root = 0.79788456080286535588, cubic = 0.044715, off = 0x1p-10;
      const double t = std::tanh(root * (x + cubic * x * x * x)), bend = root * (1 + 3 * cubic * x * x) * x / 2;
      value = x / 2 * (1 + t);
      slope = (1 + t) / 2 + bend * (1 - t * t);
      error = off * std::abs(x * t) / 2;
      error_of_slope = off * std::abs(t) * (1 + 2 * std::abs(bend * t));
    }
    static constexpr double steepest = 1.13;  // the largest |slope|, at x = 1.4 or so
    double value, slope, error, error_of_slope;
  };

  const Gemm& gemm_;
  OperandValues a_, b_, bias_, aux_;
  Type type_;
};

}  // namespace

Truth truth_of(const Gemm& gemm, int set, std::int64_t row, std::int64_t column) {
  return Truths(gemm, set).result(row, column);
}

Truth side_truth_of(const Gemm& gemm, int set, std::int64_t index) { return Truths(gemm, set).side(index); }

}  // namespace gpubench
