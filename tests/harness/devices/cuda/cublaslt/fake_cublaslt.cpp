#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/core/fp8.hpp"
#include "harness/core/half.hpp"
#include "harness/devices/cuda/cublaslt/abi.hpp"

// A cuBLASLt without a GPU: it reads descriptions as cuBLASLt's documentation explains them and computes on the host,
// on streams of the fake runtime (fake_runtime/fake_device.hpp). It offers three algorithms; the first takes three
// times as long as the last and, for FP32, multiplies in TF32. GPUBENCH_FAKE_CUBLASLT names a fault:
//   tf32        all of them multiply FP32 in TF32
//   bias        a bias is added to columns instead of rows
//   sums        the gradient of a bias leaves out the last number
//   none        there is no algorithm

namespace gpubench::cublaslt {

struct DescOpaque {
  Compute compute;
  DataType scale;
  std::map<DescAttribute, std::vector<std::byte>> attributes{};

  template <class Value>
  Value get(DescAttribute attribute, Value otherwise) const {
    const auto one = attributes.find(attribute);
    if (one == attributes.end()) return otherwise;
    Value value;
    std::memcpy(&value, one->second.data(), sizeof value);
    return value;
  }
};
struct LayoutOpaque {
  DataType type;
  std::int64_t rows, columns, ld;
};
struct PreferenceOpaque {
  std::uint64_t workspace = 0;
  std::uint32_t reductions = 7;
};

namespace {

std::function<bool(cuda::Stream, std::function<void()>)> enqueue;

std::string fault() {
  const char* name = std::getenv("GPUBENCH_FAKE_CUBLASLT");
  return name ? name : "";
}

constexpr int algorithms = 3;

float read(const void* array, DataType type, std::int64_t i) {
  switch (type) {
    case DataType::f32: return static_cast<const float*>(array)[i];
    case DataType::f16: return from_half(static_cast<const std::uint16_t*>(array)[i]);
    case DataType::bf16:
      return std::bit_cast<float>(static_cast<std::uint32_t>(static_cast<const std::uint16_t*>(array)[i]) << 16);
    case DataType::e4m3: return from_e4m3(static_cast<const std::uint8_t*>(array)[i]);
    case DataType::int8: return static_cast<float>(static_cast<const std::int8_t*>(array)[i]);
    case DataType::int32: return static_cast<float>(static_cast<const std::int32_t*>(array)[i]);
  }
  return 0;
}

void write(void* array, DataType type, std::int64_t i, double value) {
  const auto single = static_cast<float>(value);
  const auto bits = std::bit_cast<std::uint32_t>(single);
  switch (type) {
    case DataType::f32: static_cast<float*>(array)[i] = single; break;
    case DataType::f16: static_cast<std::uint16_t*>(array)[i] = to_half(single); break;
    case DataType::bf16:
      static_cast<std::uint16_t*>(array)[i] =
          static_cast<std::uint16_t>(std::isnan(single) ? 0x7fff : (bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
      break;
    case DataType::int32: static_cast<std::int32_t*>(array)[i] = static_cast<std::int32_t>(value); break;
    default: break;
  }
}

/// 10 bits behind the point.
float to_tf32(float value) { return std::bit_cast<float>((std::bit_cast<std::uint32_t>(value) + 0x1000) & 0xffffe000); }

double gelu_tanh(double x) { return std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)); }
double gelu(double x) { return x / 2 * (1 + gelu_tanh(x)); }
double gelu_slope(double x) {
  const double t = gelu_tanh(x);
  return (1 + t) / 2 + x / 2 * (1 - t * t) * 0.7978845608028654 * (1 + 3 * 0.044715 * x * x);
}

/// One product, by loops. Layouts as they were when it was enqueued.
struct Product {
  DescOpaque desc;
  LayoutOpaque a_layout, b_layout, d_layout;
  const void *a, *b;
  void* d;
  double alpha;
  bool in_tf32;

  void operator()() const {
    const std::int64_t m = d_layout.rows, n = d_layout.columns, k = length();
    const auto epilogue = desc.get(DescAttribute::epilogue, Epilogue::none);
    auto* bias = desc.get<void*>(DescAttribute::bias_pointer, nullptr);
    auto* aux = desc.get<void*>(DescAttribute::aux_pointer, nullptr);
    const auto aux_ld = desc.get<std::int64_t>(DescAttribute::aux_ld, 0);
    std::vector<double> of_rows(static_cast<std::size_t>(m), 0), of_columns(static_cast<std::size_t>(n), 0);
    for (std::int64_t j = 0; j < n; ++j) {
      for (std::int64_t i = 0; i < m; ++i) {
        double sum = 0;
        for (std::int64_t p = 0; p < k; ++p) sum += static_cast<double>(at_a(i, p)) * static_cast<double>(at_b(p, j));
        sum *= alpha;
        if (epilogue == Epilogue::bias || epilogue == Epilogue::gelu_aux_bias)
          sum += static_cast<double>(read(bias, d_layout.type, fault() == "bias" ? j % m : i));
        if (epilogue == Epilogue::gelu_aux_bias) {
          write(aux, d_layout.type, j * aux_ld + i, sum);
          sum = gelu(sum);
        }
        if (epilogue == Epilogue::dgelu_bgrad) {
          sum *= gelu_slope(static_cast<double>(read(aux, d_layout.type, j * aux_ld + i)));
          if (fault() != "sums" || j + 1 < n) of_rows[static_cast<std::size_t>(i)] += sum;
        }
        write(d, d_layout.type, j * d_layout.ld + i, sum);
      }
      for (std::int64_t p = 0; p + (fault() == "sums") < k; ++p)
        of_columns[static_cast<std::size_t>(j)] += static_cast<double>(at_b(p, j));
    }
    const std::vector<double>& sums = epilogue == Epilogue::dgelu_bgrad ? of_rows : of_columns;
    if (epilogue == Epilogue::dgelu_bgrad || epilogue == Epilogue::bgrad_b)
      for (std::size_t i = 0; i < sums.size(); ++i) write(bias, d_layout.type, static_cast<std::int64_t>(i), sums[i]);
  }

 private:
  bool turned(DescAttribute attribute) const { return desc.get(attribute, Transpose::no) == Transpose::yes; }
  std::int64_t length() const { return turned(DescAttribute::transpose_a) ? a_layout.rows : a_layout.columns; }
  float operand(const void* array, const LayoutOpaque& layout, std::int64_t row, std::int64_t column) const {
    const float value = read(array, layout.type, column * layout.ld + row);
    return in_tf32 ? to_tf32(value) : value;
  }
  float at_a(std::int64_t i, std::int64_t p) const {
    return turned(DescAttribute::transpose_a) ? operand(a, a_layout, p, i) : operand(a, a_layout, i, p);
  }
  float at_b(std::int64_t p, std::int64_t j) const {
    return turned(DescAttribute::transpose_b) ? operand(b, b_layout, j, p) : operand(b, b_layout, p, j);
  }
};

/// FP8, INT8 and the gradient of a bias as the library limits them.
bool takes(const DescOpaque& desc, const LayoutOpaque& a, const LayoutOpaque& d) {
  if (desc.get(DescAttribute::epilogue, Epilogue::none) == Epilogue::bgrad_b &&
      desc.get(DescAttribute::transpose_b, Transpose::no) != Transpose::yes)
    return false;
  if (a.type != DataType::e4m3 && a.type != DataType::int8) return true;
  const std::int64_t unit = a.type == DataType::e4m3 ? 16 : 4;
  return desc.get(DescAttribute::transpose_a, Transpose::no) == Transpose::yes &&
         desc.get(DescAttribute::transpose_b, Transpose::no) == Transpose::no && a.ld % unit == 0 && d.ld % unit == 0;
}

Status copy_out(const void* value, std::size_t size, void* buffer, std::size_t room, std::size_t* written) {
  if (room != size) return Status::invalid_value;
  std::memcpy(buffer, value, size);
  if (written) *written = size;
  return Status::success;
}

}  // namespace

#define EXPORTED extern "C" __attribute__((visibility("default")))

EXPORTED void gpubench_use_fake_cuda(const std::function<bool(cuda::Stream, std::function<void()>)>& how) {
  enqueue = how;
}

EXPORTED Status cublasLtCreate(Handle* handle) {
  *handle = reinterpret_cast<Handle>(1);
  return Status::success;
}
EXPORTED Status cublasLtDestroy(Handle) { return Status::success; }
EXPORTED const char* cublasLtGetStatusString(Status status) {
  return status == Status::not_supported ? "the functionality is not supported" : "an invalid value was passed";
}
EXPORTED std::size_t cublasLtGetVersion() { return 130100; }

EXPORTED Status cublasLtMatmulDescCreate(DescOpaque** desc, Compute compute, DataType scale) {
  *desc = new DescOpaque{compute, scale};
  return Status::success;
}
EXPORTED Status cublasLtMatmulDescDestroy(DescOpaque* desc) {
  delete desc;
  return Status::success;
}
EXPORTED Status cublasLtMatmulDescSetAttribute(DescOpaque* desc,
                                               DescAttribute attribute,
                                               const void* value,
                                               std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(value);
  desc->attributes[attribute].assign(bytes, bytes + size);
  return Status::success;
}
EXPORTED Status cublasLtMatrixLayoutCreate(
    LayoutOpaque** layout, DataType type, std::uint64_t rows, std::uint64_t columns, std::int64_t ld) {
  *layout = new LayoutOpaque{type, static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns), ld};
  return Status::success;
}
EXPORTED Status cublasLtMatrixLayoutDestroy(LayoutOpaque* layout) {
  delete layout;
  return Status::success;
}
EXPORTED Status cublasLtMatmulPreferenceCreate(PreferenceOpaque** preference) {
  *preference = new PreferenceOpaque;
  return Status::success;
}
EXPORTED Status cublasLtMatmulPreferenceDestroy(PreferenceOpaque* preference) {
  delete preference;
  return Status::success;
}
EXPORTED Status cublasLtMatmulPreferenceSetAttribute(PreferenceOpaque* preference,
                                                     PreferenceAttribute attribute,
                                                     const void* value,
                                                     std::size_t size) {
  const auto keep = [&](auto& member) {
    if (size != sizeof member) return Status::invalid_value;
    std::memcpy(&member, value, size);
    return Status::success;
  };
  return attribute == PreferenceAttribute::reduction_mask ? keep(preference->reductions) : keep(preference->workspace);
}

EXPORTED Status cublasLtMatmulAlgoGetHeuristic(Handle,
                                               DescOpaque* desc,
                                               LayoutOpaque* a,
                                               LayoutOpaque*,
                                               LayoutOpaque*,
                                               LayoutOpaque* d,
                                               PreferenceOpaque* preference,
                                               int most,
                                               Candidate* found,
                                               int* count) {
  *count = 0;
  if (fault() == "none" || !takes(*desc, *a, *d)) return Status::not_supported;
  for (; *count < std::min(most, algorithms); ++*count) {
    Candidate& one = found[*count] = {};
    one.algorithm.data[0] = static_cast<std::uint64_t>(*count);
    one.algorithm.data[2] = preference->reductions & 4U;  // it would add parts in the result's type
    one.algorithm.data[1] = a->type == DataType::f32 && desc->compute == Compute::f32;
    one.workspace_bytes = preference->workspace / 2;
    one.waves = 0.5F;
  }
  return Status::success;
}

EXPORTED Status cublasLtMatmulAlgoConfigGetAttribute(
    const Algorithm* algorithm, AlgorithmAttribute attribute, void* buffer, std::size_t room, std::size_t* written) {
  const std::uint64_t number = algorithm->data[0];
  std::uint32_t value = 0;
  if (attribute == AlgorithmAttribute::id) value = 60 + static_cast<std::uint32_t>(number);
  if (attribute == AlgorithmAttribute::tile) value = number == 2 ? 600 : 23 + static_cast<std::uint32_t>(number);
  if (attribute == AlgorithmAttribute::split_k) value = 1;
  if (attribute == AlgorithmAttribute::reduction) value = static_cast<std::uint32_t>(algorithm->data[2]);
  if (attribute == AlgorithmAttribute::cluster_shape) value = 3;
  const bool narrow = attribute == AlgorithmAttribute::inner_shape || attribute == AlgorithmAttribute::cluster_shape;
  return copy_out(&value, narrow ? 2 : 4, buffer, room, written);
}

EXPORTED Status cublasLtMatmulAlgoCapGetAttribute(
    const Algorithm* algorithm, Capability, void* buffer, std::size_t room, std::size_t* written) {
  const bool ieee = algorithm->data[1] != 0 && algorithm->data[0] != 0;
  const std::uint64_t flags = ieee ? arithmetic::fma | arithmetic::sums_f32 | arithmetic::from_f32
                                   : arithmetic::hmma | arithmetic::sums_f32 | arithmetic::from_tf32;
  return copy_out(&flags, sizeof flags, buffer, room, written);
}

EXPORTED Status cublasLtMatmul(Handle,
                               DescOpaque* desc,
                               const void* alpha,
                               const void* a,
                               LayoutOpaque* a_layout,
                               const void* b,
                               LayoutOpaque* b_layout,
                               const void*,
                               const void*,
                               LayoutOpaque*,
                               void* d,
                               LayoutOpaque* d_layout,
                               const Algorithm* algorithm,
                               void* workspace,
                               std::size_t workspace_bytes,
                               cuda::Stream stream) {
  if (workspace == nullptr || workspace_bytes == 0) return Status::invalid_value;
  const bool fp32 = algorithm->data[1] != 0, first = algorithm->data[0] == 0;
  const Product product{.desc = *desc,
                        .a_layout = *a_layout,
                        .b_layout = *b_layout,
                        .d_layout = *d_layout,
                        .a = a,
                        .b = b,
                        .d = d,
                        .alpha = desc->scale == DataType::int32
                                     ? *static_cast<const std::int32_t*>(alpha)
                                     : static_cast<double>(*static_cast<const float*>(alpha)),
                        .in_tf32 = desc->compute == Compute::tf32 || (fp32 && (first || fault() == "tf32"))};
  bool done = true;
  for (std::uint64_t i = algorithm->data[0] + 1; i < algorithms; ++i) done = done && enqueue(stream, [] {});
  return done && enqueue(stream, product) ? Status::success : Status::execution_failed;
}

}  // namespace gpubench::cublaslt
