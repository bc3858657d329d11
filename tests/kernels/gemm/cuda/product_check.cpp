#include "tests/kernels/gemm/cuda/product_check.hpp"

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include <fmt/format.h>

#include "kernels/operand_values.hpp"

namespace gpubench::device_tests {
namespace {

using cuda::Activation;

/// Rows of numbers of a format with gaps of NaN, as bytes, and what they stand for.
class Rows {
 public:
  Rows(Precision format, int rows, int columns, int gap, int shift, unsigned seed)
      : format_(format),
        rows_(rows),
        columns_(columns),
        pitch_(columns + gap),
        shift_(shift),
        bytes_(static_cast<std::size_t>(shift + rows * pitch_ + gap + 16) * width(), 0xff) {
    if (seed == 0) return;  // NaN everywhere
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> any(-1, 1);
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column) {
        std::uint32_t bits = bits_of(format == Precision::tf32 ? Precision::fp32 : format, any(random));
        if (format == Precision::tf32) bits &= 0xffffe000;  // what Tensor Cores look at
        std::memcpy(bytes_.data() + at(row, column), &bits, width());
      }
  }
  int pitch() const { return pitch_; }
  std::size_t first() const { return static_cast<std::size_t>(shift_) * width(); }
  std::vector<unsigned char>& bytes() { return bytes_; }
  const std::vector<unsigned char>& bytes() const { return bytes_; }
  double number(int row, int column) const {
    std::uint32_t bits = 0;
    std::memcpy(&bits, bytes_.data() + at(row, column), width());
    return double{number_of(format_, bits)};
  }
  /// Nothing behind the rows has changed.
  bool gaps_are_untouched() const {
    std::vector<unsigned char> rest = bytes_;
    for (int row = 0; row < rows_; ++row)
      std::memset(rest.data() + at(row, 0), 0xff, static_cast<std::size_t>(columns_) * width());
    for (const unsigned char byte : rest)
      if (byte != 0xff) return false;
    return true;
  }

 private:
  std::size_t width() const { return static_cast<std::size_t>(operand_width(format_)); }
  std::size_t at(int row, int column) const {
    return static_cast<std::size_t>(shift_ + row * pitch_ + column) * width();
  }

  Precision format_;
  int rows_, columns_, pitch_, shift_;
  std::vector<unsigned char> bytes_;
};

double gelu(double x) { return x / 2 * (1 + std::tanh(0.79788456080286535588 * (x + 0.044715 * x * x * x))); }

/// Half of the last place of a number of a format that is not below 2^-14.
double rounding(Precision format, double x) {
  const double unit = format == Precision::bf16 ? 0x1p-8 : format == Precision::fp16 ? 0x1p-11 : 0x1p-24;
  return unit * std::max(std::abs(x), 0x1p-14);
}

}  // namespace

std::string text_of(const ProductCase& one) {
  return fmt::format("{} {} x {} x {} {}, gaps {} {} {}, shift {}, alpha {}, beta {}{}{}, activation {}, {}",
                     name(one.format),
                     one.m,
                     one.n,
                     one.k,
                     name(one.operands),
                     one.a_gap,
                     one.b_gap,
                     one.c_gap,
                     one.shift,
                     one.alpha,
                     one.beta,
                     one.bias ? ", bias" : "",
                     one.aux ? ", aux" : "",
                     static_cast<int>(one.activation),
                     name(one.accumulation));
}

std::string check_product(const Device& device, const ProductCase& one, const EnqueueProduct& enqueue, int parts) {
  const bool a_turned = first_transposed(one.operands), b_turned = second_transposed(one.operands);
  const Precision out =
      cuda::result_format(one.format) == Precision::tf32 ? Precision::fp32 : cuda::result_format(one.format);
  const Rows a(one.format, a_turned ? one.k : one.m, a_turned ? one.m : one.k, one.a_gap, one.shift, 11);
  const Rows b(one.format, b_turned ? one.n : one.k, b_turned ? one.k : one.n, one.b_gap, one.shift, 12);
  const Rows before(out, one.m, one.n, one.c_gap, one.shift, one.beta == 0 ? 0 : 13);
  const Rows bias(out, 1, one.n, 0, one.shift, 14);
  Rows after = before, kept(out, one.m, one.n, one.c_gap, one.shift, 0);

  const auto on_a = device.input("a", a.bytes()), on_b = device.input("b", b.bytes()),
             on_bias = device.input("bias", bias.bytes());
  const auto on_c = device.changed("c", before.bytes()), on_aux = device.changed("aux", kept.bytes());
  const auto scratch = device.output<float>("scratch", parts > 1 ? static_cast<std::size_t>(parts * one.m * one.n) : 1);
  enqueue({.format = one.format,
           .accumulation = one.accumulation,
           .m = one.m,
           .n = one.n,
           .k = one.k,
           .a = {on_a.data() + a.first(), a.pitch(), a_turned},
           .b = {on_b.data() + b.first(), b.pitch(), b_turned},
           .c = on_c.data() + after.first(),
           .c_pitch = after.pitch(),
           .alpha = one.alpha,
           .beta = one.beta,
           .bias = one.bias ? on_bias.data() + bias.first() : nullptr,
           .activation = one.activation,
           .aux = one.aux ? on_aux.data() + kept.first() : nullptr},
          parts > 1 ? scratch.data() : nullptr);
  after.bytes() = on_c.read();
  kept.bytes() = on_aux.read();

  // FP8's Tensor Cores keep 13 bits behind the largest of 32 products and the sum so far; promoted sums leave them
  // every 128 products.
  const double length = std::max(one.k, 1);
  const double bound_of_sizes = one.format != Precision::fp8                 ? length * 0x1p-23
                                : one.accumulation == Accumulation::promoted ? 4 * 0x1p-13 + length * 0x1p-23
                                                                             : (length / 32 + 1) * 0x1p-13;
  for (int row = 0; row < one.m; ++row)
    for (int column = 0; column < one.n; ++column) {
      double sum = 0, sizes = 0;
      for (int p = 0; p < one.k; ++p) {
        const double product =
            (a_turned ? a.number(p, row) : a.number(row, p)) * (b_turned ? b.number(column, p) : b.number(p, column));
        sum += product;
        sizes += std::abs(product);
      }
      double x = double{one.alpha} * sum, error = std::abs(double{one.alpha}) * sizes * bound_of_sizes;
      if (one.beta != 0) x += double{one.beta} * before.number(row, column);
      if (one.bias) x += bias.number(0, column);
      error += 4 * 0x1p-24 * (std::abs(x) + std::abs(double{one.beta}) + std::abs(double{one.alpha} * sum) + 1);
      const double y = one.activation == Activation::relu   ? std::max(x, 0.0)
                       : one.activation == Activation::gelu ? gelu(x)
                                                            : x;
      const auto wrong = [&](const char* what, double got, double should) -> std::string {
        const double bound = 1.2 * error + rounding(out, should) * 1.01 +
                             (what[0] == 'c' && one.activation == Activation::gelu ? 4e-7 : 0);
        if (std::abs(got - should) <= bound) return "";
        return fmt::format(
            "{}({}, {}) is {}, should be {} within {:.2g}: {}", what, row, column, got, should, bound, text_of(one));
      };
      if (auto why = wrong("c", after.number(row, column), y); !why.empty()) return why;
      if (one.aux)
        if (auto why = wrong("aux", kept.number(row, column), x); !why.empty()) return why;
    }
  if (!after.gaps_are_untouched()) return "something was written between the rows of c: " + text_of(one);
  if (one.aux && !kept.gaps_are_untouched()) return "something was written between the rows of aux: " + text_of(one);
  return "";
}

}  // namespace gpubench::device_tests
