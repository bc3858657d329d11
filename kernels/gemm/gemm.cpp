#include "kernels/gemm/gemm.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "kernels/operand_values.hpp"

namespace gpubench {

double operand_bytes(Precision format) { return operand_width(format); }

/// FP8 has no products in FP8: they are given as BF16.
double result_bytes(Precision format) {
  if (format == Precision::int8) return 4;
  return format == Precision::fp8 ? 2 : operand_bytes(format);
}

double alpha_of(const Gemm& gemm) {
  if (gemm.epilogue == Epilogue::none || gemm.epilogue == Epilogue::bias_gradient) return 1;
  return std::exp2(-std::round(std::log2(static_cast<double>(gemm.k)) / 2));
}

std::int64_t side_results(const Gemm& gemm) {
  using enum Epilogue;
  switch (gemm.epilogue) {
    case none:
    case bias: return 0;
    case bias_gelu: return gemm.m * gemm.n;
    case gelu_gradient: return gemm.n;
    case bias_gradient: return gemm.m;
  }
  return 0;
}

std::string Gemm::name() const {
  std::string name = fmt::format(
      "gemm/{}/m{}n{}k{}/{}/{}", gpubench::name(format), m, n, k, gpubench::name(operands), gpubench::name(cache));
  const auto add = [&name](std::string_view variant) { (name += '/') += variant; };
  if (epilogue != Epilogue::none) add(gpubench::name(epilogue));
  if (format == Precision::fp8) add(gpubench::name(accumulation));
  if (sparse) add("sparse24");
  if (searched) add("searched");
  if (data != Distribution::uniform) add(gpubench::name(data));
  return name;
}

/// What an epilogue reads besides: the bias, or what the activation was given.
Work Gemm::work() const {
  const auto rows = static_cast<double>(m), columns = static_cast<double>(n), length = static_cast<double>(k);
  const double read = epilogue == Epilogue::bias || epilogue == Epilogue::bias_gelu ? columns
                      : epilogue == Epilogue::gelu_gradient                         ? rows * columns
                                                                                    : 0;
  return {.flops = 2 * rows * columns * length,
          .bytes = operand_bytes(format) * (rows * length + length * columns) +
                   result_bytes(format) * (rows * columns + read + static_cast<double>(side_results(*this)))};
}

void Gemm::describe(CaseResult& row) const {
  const char* figure = format == Precision::int8 ? "operations_per_second" : "flops_per_second";
  row.figure = name() + "/" + figure;
  std::ranges::replace(row.figure, '/', '.');
  row.group = group;
  row.layer = layer;
  row.cache = cache == CacheState::hot ? "rotated" : "cold";
  row.input = {.distribution = text_of(data, format), .seed = seed};
  if (row.status == Status::ok) row.figures = {{figure, work().flops / row.median_seconds}};
}

}  // namespace gpubench
