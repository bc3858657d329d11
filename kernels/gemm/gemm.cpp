#include "kernels/gemm/gemm.hpp"

#include <fmt/format.h>

namespace gpubench {

double operand_bytes(Precision format) {
  using enum Precision;
  switch (format) {
    case fp32:
    case tf32: return 4;
    case fp16:
    case bf16: return 2;
    case fp8:
    case int8: return 1;
  }
  return 0;
}

/// FP8 has no products in FP8: they are given as BF16.
double result_bytes(Precision format) {
  if (format == Precision::int8) return 4;
  return format == Precision::fp8 ? 2 : operand_bytes(format);
}

std::string Gemm::name() const {
  return fmt::format(
      "gemm/{}/m{}n{}k{}/{}/{}", gpubench::name(format), m, n, k, gpubench::name(operands), gpubench::name(cache));
}

Work Gemm::work() const {
  const auto rows = static_cast<double>(m), columns = static_cast<double>(n), length = static_cast<double>(k);
  return {.flops = 2 * rows * columns * length,
          .bytes = operand_bytes(format) * (rows * length + length * columns) + result_bytes(format) * rows * columns};
}

void Gemm::describe(CaseResult& row) const {
  const char* figure = format == Precision::int8 ? "operations_per_second" : "flops_per_second";
  row.figure = fmt::format("gemm.{}.m{}n{}k{}.{}.{}.{}",
                           gpubench::name(format),
                           m,
                           n,
                           k,
                           gpubench::name(operands),
                           gpubench::name(cache),
                           figure);
  row.group = group;
  row.layer = layer;
  row.cache = cache == CacheState::hot ? "rotated" : "cold";
  row.input = {.distribution = format == Precision::int8 ? "uniform integers from -127 to 127" : "uniform, variance 1",
               .seed = seed};
  if (row.status == Status::ok) row.figures = {{figure, work().flops / row.median_seconds}};
}

}  // namespace gpubench
