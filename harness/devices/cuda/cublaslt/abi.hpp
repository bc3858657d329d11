#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/core/imported.hpp"
#include "harness/devices/cuda/stream.hpp"
#include "harness/devices/cuda/vendor_libraries.hpp"

/// cuBLASLt's own name for a handle's type, so that the address of one of its functions has its type.
struct cublasLtContext;

// The part of cuBLASLt's binary interface that we use, in our own words: the library is found at run time, and its
// headers are no part of a compiler's package. tests/harness/devices/cuda/cublaslt/abi_check.cpp compares it with a
// real cublasLt.h where there is one (13.1 when this was written). The same in CUDA 12 and 13.
namespace gpubench::cublaslt {

using Handle = ::cublasLtContext*;

enum class Status : int {
  success = 0,
  not_initialized = 1,
  alloc_failed = 3,
  invalid_value = 7,
  arch_mismatch = 8,
  execution_failed = 13,
  internal_error = 14,
  not_supported = 15
};
enum class DataType : int { f32 = 0, f16 = 2, int8 = 3, int32 = 10, bf16 = 14, e4m3 = 28 };
/// What is multiplied and added in; `f32` is IEEE FP32 for FP32 operands, and the sums of all narrower ones.
enum class Compute : int { f32 = 68, int32 = 72, tf32 = 77 };
enum class Transpose : std::int32_t { no = 0, yes = 1 };
enum class Epilogue : std::uint32_t {
  none = 1,
  bias = 4,
  gelu_aux_bias = 32 | 128 | 4,  ///< aux gets what the GELU sees
  dgelu_bgrad = 64 | 128 | 16,   ///< aux is read; the sums of D's rows go to the bias's place
  bgrad_b = 512                  ///< the sums of B over k go to the bias's place
};

enum class DescAttribute : int {
  compute = 0,
  scale_type = 1,
  transpose_a = 3,
  transpose_b = 4,
  epilogue = 7,
  bias_pointer = 8,
  aux_pointer = 11,
  aux_ld = 12,
  fast_accumulation = 25
};
enum class LayoutAttribute : int { type = 0, rows = 2, columns = 3, ld = 4 };
enum class PreferenceAttribute : int { max_workspace_bytes = 1, reduction_mask = 3 };
/// How the parts of a sum that was split come together: `in_place` and `output_type` in the result's format.
enum class Reduction : std::uint32_t { none = 0, in_place = 1, compute_type = 2, output_type = 4, any = 7 };
enum class AlgorithmAttribute : int {
  id = 0,
  tile = 1,
  split_k = 2,
  reduction = 3,
  swizzle = 4,
  custom = 5,
  stages = 6,
  inner_shape = 7,
  cluster_shape = 8
};
enum class Capability : int { arithmetic = 15 };

/// Bits of Capability::arithmetic.
namespace arithmetic {
inline constexpr std::uint64_t fma = 0x1, hmma = 0x2, imma = 0x4, dmma = 0x8;
inline constexpr std::uint64_t sums_f16 = 0x1 << 8, sums_f32 = 0x2 << 8, sums_f64 = 0x4 << 8, sums_int32 = 0x8 << 8;
inline constexpr std::uint64_t from_f16 = 0x1 << 16, from_bf16 = 0x2 << 16, from_tf32 = 0x4 << 16, from_f32 = 0x8 << 16,
                               from_f64 = 0x10 << 16, from_int8 = 0x20 << 16, from_e4m3 = 0x40 << 16,
                               from_e5m2 = 0x80 << 16;
}  // namespace arithmetic

struct DescOpaque;
struct LayoutOpaque;
struct PreferenceOpaque;

struct Algorithm {
  std::uint64_t data[8];
};
/// What the heuristic gives: an algorithm that can run, and what it is expected to need.
struct Candidate {
  Algorithm algorithm;
  std::size_t workspace_bytes;
  Status state;
  float waves;  ///< blocks by how many run at a time: 1.0 fills the device once
  int reserved[4];
};

template <class Signature>
using Function = Imported<Signature>;

inline constinit const Function<Status(Handle*)> create{cuda::cublaslt_library, "cublasLtCreate"};
inline constinit const Function<Status(Handle)> destroy{cuda::cublaslt_library, "cublasLtDestroy"};
inline constinit const Function<const char*(Status)> status_text{cuda::cublaslt_library, "cublasLtGetStatusString"};
inline constinit const Function<std::size_t()> version{cuda::cublaslt_library, "cublasLtGetVersion"};

inline constinit const Function<Status(DescOpaque**, Compute, DataType)> desc_create{cuda::cublaslt_library,
                                                                                     "cublasLtMatmulDescCreate"};
inline constinit const Function<Status(DescOpaque*)> desc_destroy{cuda::cublaslt_library, "cublasLtMatmulDescDestroy"};
inline constinit const Function<Status(DescOpaque*, DescAttribute, const void*, std::size_t)> desc_set{
    cuda::cublaslt_library, "cublasLtMatmulDescSetAttribute"};
inline constinit const Function<Status(DescOpaque*, DescAttribute, void*, std::size_t, std::size_t*)> desc_get{
    cuda::cublaslt_library, "cublasLtMatmulDescGetAttribute"};

inline constinit const Function<Status(LayoutOpaque**, DataType, std::uint64_t, std::uint64_t, std::int64_t)>
    layout_create{cuda::cublaslt_library, "cublasLtMatrixLayoutCreate"};
inline constinit const Function<Status(LayoutOpaque*)> layout_destroy{cuda::cublaslt_library,
                                                                      "cublasLtMatrixLayoutDestroy"};
inline constinit const Function<Status(LayoutOpaque*, LayoutAttribute, void*, std::size_t, std::size_t*)> layout_get{
    cuda::cublaslt_library, "cublasLtMatrixLayoutGetAttribute"};

inline constinit const Function<Status(PreferenceOpaque**)> preference_create{cuda::cublaslt_library,
                                                                              "cublasLtMatmulPreferenceCreate"};
inline constinit const Function<Status(PreferenceOpaque*)> preference_destroy{cuda::cublaslt_library,
                                                                              "cublasLtMatmulPreferenceDestroy"};
inline constinit const Function<Status(PreferenceOpaque*, PreferenceAttribute, const void*, std::size_t)>
    preference_set{cuda::cublaslt_library, "cublasLtMatmulPreferenceSetAttribute"};

inline constinit const Function<Status(Handle,
                                       DescOpaque*,
                                       LayoutOpaque*,
                                       LayoutOpaque*,
                                       LayoutOpaque*,
                                       LayoutOpaque*,
                                       PreferenceOpaque*,
                                       int,
                                       Candidate*,
                                       int*)>
    heuristic{cuda::cublaslt_library, "cublasLtMatmulAlgoGetHeuristic"};
inline constinit const Function<Status(const Algorithm*, AlgorithmAttribute, void*, std::size_t, std::size_t*)>
    algorithm_get{cuda::cublaslt_library, "cublasLtMatmulAlgoConfigGetAttribute"};
inline constinit const Function<Status(const Algorithm*, Capability, void*, std::size_t, std::size_t*)> capability_get{
    cuda::cublaslt_library, "cublasLtMatmulAlgoCapGetAttribute"};

/// D = epilogue(alpha * A * B + beta * C), columns by columns. alpha and beta are in the scale type, on the host.
inline constinit const Function<Status(Handle,
                                       DescOpaque*,
                                       const void* alpha,
                                       const void* a,
                                       LayoutOpaque*,
                                       const void* b,
                                       LayoutOpaque*,
                                       const void* beta,
                                       const void* c,
                                       LayoutOpaque*,
                                       void* d,
                                       LayoutOpaque*,
                                       const Algorithm*,
                                       void* workspace,
                                       std::size_t workspace_bytes,
                                       cuda::Stream)>
    matmul{cuda::cublaslt_library, "cublasLtMatmul"};

}  // namespace gpubench::cublaslt
