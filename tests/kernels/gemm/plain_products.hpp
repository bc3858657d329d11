#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "kernels/gemm/products.hpp"
#include "kernels/gemm/values.hpp"
#include "kernels/training/oracle/formats.hpp"

namespace gpubench {

/// Products by three loops in double, rounded to the format, and then spoilt as a fault wishes.
class PlainProducts : public Products {
 public:
  /// Called after a run; may change the result, row by row.
  using Fault = std::function<void(int set, std::vector<double>& result)>;

  /// @param does what is computed, other than what is asked for where a test wants that
  explicit PlainProducts(
      Gemm does, Fault fault = [](int, std::vector<double>&) {}, int sets = 3)
      : does_(std::move(does)), fault_(std::move(fault)), sets_(sets) {}

  std::map<std::string, std::string> plan() const override { return {{"matmul", "loops"}}; }
  double set_bytes() const override { return 1000; }
  double other_bytes() const override { return 10; }
  double cache_bytes() const override { return 500.0 * (sets_ - 1); }
  void allocate(int sets) override { results_.resize(static_cast<std::size_t>(sets)); }
  void fill(int set) override {
    results_.at(static_cast<std::size_t>(set)).resize(static_cast<std::size_t>(does_.m * does_.n));
  }
  void spoil(int set) override {
    std::ranges::fill(results_.at(static_cast<std::size_t>(set)), std::numeric_limits<double>::quiet_NaN());
  }
  void run(int set) override {
    const OperandValues a(does_, Operand::a, set), b(does_, Operand::b, set);
    const bool turned_a = first_transposed(does_.operands), turned_b = second_transposed(does_.operands);
    auto& result = results_.at(static_cast<std::size_t>(set));
    for (std::int64_t i = 0; i < does_.m; ++i)
      for (std::int64_t j = 0; j < does_.n; ++j) {
        double sum = 0;
        for (std::int64_t p = 0; p < does_.k; ++p)
          sum += static_cast<double>(a.at(turned_a ? p * does_.m + i : i * does_.k + p)) *
                 static_cast<double>(b.at(turned_b ? j * does_.k + p : p * does_.n + j));
        result[static_cast<std::size_t>(i * does_.n + j)] = rounded(sum);
      }
    fault_(set, result);
  }
  double result(int set, std::int64_t row, std::int64_t column) override {
    return results_.at(static_cast<std::size_t>(set))[static_cast<std::size_t>(row * does_.n + column)];
  }

 private:
  double rounded(double sum) const {
    if (does_.format == Precision::int8) return sum;
    return does_.format == Precision::bf16 ? training::oracle::to_bf16(sum) : training::oracle::to_f32(sum);
  }

  Gemm does_;
  Fault fault_;
  int sets_;
  std::vector<std::vector<double>> results_{};
};

}  // namespace gpubench
