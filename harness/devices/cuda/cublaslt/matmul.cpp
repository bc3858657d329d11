#include "harness/devices/cuda/cublaslt/matmul.hpp"

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/events.hpp"

namespace gpubench::cublaslt {
namespace {

/// An address for planning: what counts of it is what it is a multiple of.
void* aligned_somewhere() {
  return reinterpret_cast<void*>(256);  // NOLINT: never looked at
}

bool has_bias(Epilogue epilogue) { return epilogue != Epilogue::none; }
bool has_aux(Epilogue epilogue) { return epilogue == Epilogue::gelu_aux_bias || epilogue == Epilogue::dgelu_bgrad; }

template <class Value>
void set(DescOpaque* desc, DescAttribute attribute, const Value& value) {
  check(desc_set(desc, attribute, &value, sizeof value), "cublasLtMatmulDescSetAttribute");
}

std::shared_ptr<LayoutOpaque> layout(DataType type, std::int64_t rows, std::int64_t columns) {
  LayoutOpaque* made = nullptr;
  check(layout_create(&made, type, static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns), rows),
        "cublasLtMatrixLayoutCreate");
  return {made, [](LayoutOpaque* one) { layout_destroy(one); }};
}

}  // namespace

void check(Status status, const char* call) {
  if (status == Status::success) return;
  const std::string text =
      fmt::format("cuBLASLt: {} fails with {} ({})", call, static_cast<int>(status), status_text(status));
  switch (status) {
    case Status::not_supported:
    case Status::arch_mismatch: throw Unsupported(text);
    case Status::alloc_failed: throw OutOfMemory(text);
    case Status::execution_failed:
    case Status::internal_error: cuda::check(cudaDeviceSynchronize(), call); [[fallthrough]];  // a device that is lost
    default: throw Error(text);
  }
}

Handle Context::handle() {
  cuda::use_device(ordinal_);
  if (!handle_) check(create(&handle_), "cublasLtCreate");
  return handle_;
}

Matmul::Matmul(const Shape& shape)
    : shape_(shape),
      desc_(described({.bias = aligned_somewhere(), .aux = aligned_somewhere()})),
      a_(shape.transpose_a ? layout(shape.operands, shape.k, shape.m) : layout(shape.operands, shape.m, shape.k)),
      b_(shape.transpose_b ? layout(shape.operands, shape.n, shape.k) : layout(shape.operands, shape.k, shape.n)),
      d_(layout(shape.result, shape.m, shape.n)) {}

std::shared_ptr<DescOpaque> Matmul::described(const Operands& operands) const {
  DescOpaque* made = nullptr;
  const DataType scale = shape_.compute == Compute::int32 ? DataType::int32 : DataType::f32;
  check(desc_create(&made, shape_.compute, scale), "cublasLtMatmulDescCreate");
  std::shared_ptr<DescOpaque> desc(made, [](DescOpaque* one) { desc_destroy(one); });
  set(made, DescAttribute::transpose_a, shape_.transpose_a ? Transpose::yes : Transpose::no);
  set(made, DescAttribute::transpose_b, shape_.transpose_b ? Transpose::yes : Transpose::no);
  set(made, DescAttribute::epilogue, shape_.epilogue);
  if (has_bias(shape_.epilogue)) set(made, DescAttribute::bias_pointer, operands.bias);
  if (has_aux(shape_.epilogue)) {
    set(made, DescAttribute::aux_pointer, operands.aux);
    set(made, DescAttribute::aux_ld, shape_.m);
  }
  if (shape_.fast_accumulation) set(made, DescAttribute::fast_accumulation, std::int8_t{1});
  return desc;
}

std::vector<Candidate> Matmul::candidates(Handle handle, std::size_t workspace_bytes, int most) const {
  PreferenceOpaque* made = nullptr;
  check(preference_create(&made), "cublasLtMatmulPreferenceCreate");
  const std::shared_ptr<PreferenceOpaque> preference(made, [](PreferenceOpaque* one) { preference_destroy(one); });
  const std::uint64_t workspace = workspace_bytes;
  check(preference_set(made, PreferenceAttribute::max_workspace_bytes, &workspace, sizeof workspace),
        "cublasLtMatmulPreferenceSetAttribute");
  // Parts of a sum that are rounded to 16 bits before they are added are not accumulated in FP32.
  const bool wide = shape_.result == DataType::f32 || shape_.result == DataType::int32;
  const Reduction reductions = wide ? Reduction::any : Reduction::compute_type;
  check(preference_set(made, PreferenceAttribute::reduction_mask, &reductions, sizeof reductions),
        "cublasLtMatmulPreferenceSetAttribute");
  std::vector<Candidate> found(static_cast<std::size_t>(most));
  int count = 0;
  check(heuristic(
            handle, desc_.get(), a_.get(), b_.get(), d_.get(), d_.get(), preference.get(), most, found.data(), &count),
        "cublasLtMatmulAlgoGetHeuristic");
  found.resize(static_cast<std::size_t>(count));
  std::erase_if(found, [](const Candidate& one) { return one.state != Status::success; });
  if (found.empty()) throw Unsupported("cuBLASLt has no algorithm for this product on this device");
  return found;
}

Matmul::Bound Matmul::bind(const Operands& operands) const { return {described(operands), operands}; }

void Matmul::enqueue(Handle handle,
                     const Bound& bound,
                     double alpha,
                     const Candidate& by,
                     void* workspace,
                     std::size_t workspace_bytes,
                     cuda::Stream stream) const {
  const auto single = static_cast<float>(alpha);
  const auto whole = static_cast<std::int32_t>(alpha);
  constexpr float no_c = 0;
  constexpr std::int32_t no_whole_c = 0;
  const bool integers = shape_.compute == Compute::int32;
  const void* one = integers ? static_cast<const void*>(&whole) : &single;
  const void* none = integers ? static_cast<const void*>(&no_whole_c) : &no_c;
  check(matmul(handle,
               bound.desc.get(),
               one,
               bound.operands.a,
               a_.get(),
               bound.operands.b,
               b_.get(),
               none,
               bound.operands.d,
               d_.get(),
               bound.operands.d,
               d_.get(),
               &by.algorithm,
               workspace,
               workspace_bytes,
               stream),
        "cublasLtMatmul");
}

}  // namespace gpubench::cublaslt
