#include "kernels/gemm/cuda/product_rules.hpp"

#include <initializer_list>
#include <string>

#include "harness/core/error.hpp"

namespace gpubench::cuda {
namespace {

constexpr int bytes_of(Precision format) {
  switch (format) {
    case Precision::fp8: return 1;
    case Precision::fp16:
    case Precision::bf16: return 2;
    default: return 4;
  }
}

bool all_aligned(std::initializer_list<const void*> pointers, int bytes) {
  for (const void* pointer : pointers)
    if (reinterpret_cast<std::uintptr_t>(pointer) % static_cast<std::uintptr_t>(bytes) != 0) return false;
  return true;
}

void require_matrix(const char* which, const void* data, std::int64_t pitch, std::int64_t width, int bytes) {
  const std::string of = std::string(" of a product's ") + which;
  if (data == nullptr) throw Error("the memory" + of + " is missing");
  if (pitch < width)
    throw Error("the rows" + of + " are " + std::to_string(pitch) + " elements apart and have " +
                std::to_string(width));
  if (!all_aligned({data}, bytes)) throw Error("the memory" + of + " begins between elements");
}

}  // namespace

void require_product(const Product& product, int parts, const float* scratch) {
  const auto& [format, accumulation, m, n, k, a, b, c, c_pitch, alpha, beta, bias, activation, aux] = product;
  constexpr std::int64_t largest = (std::int64_t{1} << 31) - 1;
  for (const std::int64_t size : {m, n, k})
    if (size < 0 || size > largest)
      throw Error("a product has a dimension of " + std::to_string(size) + ": 0 to 2^31 - 1 it may be");
  if (parts < 1) throw Error("a product's sums are cut into " + std::to_string(parts) + " parts");
  if (m == 0 || n == 0) return;
  const int bytes = bytes_of(format), result_bytes = bytes_of(result_format(format));
  if (k > 0) {
    require_matrix("a", a.data, a.pitch, a.transposed ? m : k, bytes);
    require_matrix("b", b.data, b.pitch, b.transposed ? k : n, bytes);
  }
  require_matrix("c", c, c_pitch, n, result_bytes);
  if (!all_aligned({bias, aux}, result_bytes)) throw Error("a product's bias or aux begins between elements");
  if (parts > 1 && (scratch == nullptr || !all_aligned({scratch}, 4)))
    throw Error("the memory for the parts of a product's sums is missing, or begins between numbers");
}

bool takes_vectors(const Product& product) {
  const int each = 16 / bytes_of(result_format(product.format));
  return all_aligned({product.c, product.bias, product.aux}, 16) && product.c_pitch % each == 0;
}

bool rows_at_multiples(const Matrix& matrix, Precision format, int bytes) {
  return all_aligned({matrix.data}, bytes) && matrix.pitch * bytes_of(format) % bytes == 0;
}

}  // namespace gpubench::cuda
