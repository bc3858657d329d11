// Nothing here runs: it compiles where our declarations of cuBLASLt are those of a real cublasLt.h.
#include <cstddef>
#include <type_traits>

#include <cublasLt.h>

#include "harness/devices/cuda/cublaslt/abi.hpp"

namespace gpubench::cublaslt {
namespace {

#define SAME_NUMBER(ours, theirs) \
  static_assert(static_cast<unsigned long long>(ours) == static_cast<unsigned long long>(theirs))

static_assert(std::is_same_v<Handle, cublasLtHandle_t>);
static_assert(sizeof(Algorithm) == sizeof(cublasLtMatmulAlgo_t));
static_assert(sizeof(Candidate) == sizeof(cublasLtMatmulHeuristicResult_t));
static_assert(offsetof(Candidate, algorithm) == offsetof(cublasLtMatmulHeuristicResult_t, algo));
static_assert(offsetof(Candidate, workspace_bytes) == offsetof(cublasLtMatmulHeuristicResult_t, workspaceSize));
static_assert(offsetof(Candidate, state) == offsetof(cublasLtMatmulHeuristicResult_t, state));
static_assert(offsetof(Candidate, waves) == offsetof(cublasLtMatmulHeuristicResult_t, wavesCount));

SAME_NUMBER(Status::not_initialized, CUBLAS_STATUS_NOT_INITIALIZED);
SAME_NUMBER(Status::alloc_failed, CUBLAS_STATUS_ALLOC_FAILED);
SAME_NUMBER(Status::invalid_value, CUBLAS_STATUS_INVALID_VALUE);
SAME_NUMBER(Status::arch_mismatch, CUBLAS_STATUS_ARCH_MISMATCH);
SAME_NUMBER(Status::execution_failed, CUBLAS_STATUS_EXECUTION_FAILED);
SAME_NUMBER(Status::internal_error, CUBLAS_STATUS_INTERNAL_ERROR);
SAME_NUMBER(Status::not_supported, CUBLAS_STATUS_NOT_SUPPORTED);

SAME_NUMBER(DataType::f32, CUDA_R_32F);
SAME_NUMBER(DataType::f16, CUDA_R_16F);
SAME_NUMBER(DataType::int8, CUDA_R_8I);
SAME_NUMBER(DataType::int32, CUDA_R_32I);
SAME_NUMBER(DataType::bf16, CUDA_R_16BF);
SAME_NUMBER(DataType::e4m3, CUDA_R_8F_E4M3);
SAME_NUMBER(Compute::f32, CUBLAS_COMPUTE_32F);
SAME_NUMBER(Compute::int32, CUBLAS_COMPUTE_32I);
SAME_NUMBER(Compute::tf32, CUBLAS_COMPUTE_32F_FAST_TF32);
SAME_NUMBER(Transpose::no, CUBLAS_OP_N);
SAME_NUMBER(Transpose::yes, CUBLAS_OP_T);
static_assert(sizeof(Transpose) == sizeof(std::int32_t) && sizeof(Epilogue) == sizeof(cublasLtEpilogue_t));
SAME_NUMBER(Epilogue::none, CUBLASLT_EPILOGUE_DEFAULT);
SAME_NUMBER(Epilogue::bias, CUBLASLT_EPILOGUE_BIAS);
SAME_NUMBER(Epilogue::gelu_aux_bias, CUBLASLT_EPILOGUE_GELU_AUX_BIAS);
SAME_NUMBER(Epilogue::dgelu_bgrad, CUBLASLT_EPILOGUE_DGELU_BGRAD);
SAME_NUMBER(Epilogue::bgrad_b, CUBLASLT_EPILOGUE_BGRADB);

SAME_NUMBER(DescAttribute::compute, CUBLASLT_MATMUL_DESC_COMPUTE_TYPE);
SAME_NUMBER(DescAttribute::scale_type, CUBLASLT_MATMUL_DESC_SCALE_TYPE);
SAME_NUMBER(DescAttribute::transpose_a, CUBLASLT_MATMUL_DESC_TRANSA);
SAME_NUMBER(DescAttribute::transpose_b, CUBLASLT_MATMUL_DESC_TRANSB);
SAME_NUMBER(DescAttribute::epilogue, CUBLASLT_MATMUL_DESC_EPILOGUE);
SAME_NUMBER(DescAttribute::bias_pointer, CUBLASLT_MATMUL_DESC_BIAS_POINTER);
SAME_NUMBER(DescAttribute::aux_pointer, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER);
SAME_NUMBER(DescAttribute::aux_ld, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD);
SAME_NUMBER(DescAttribute::fast_accumulation, CUBLASLT_MATMUL_DESC_FAST_ACCUM);
SAME_NUMBER(LayoutAttribute::type, CUBLASLT_MATRIX_LAYOUT_TYPE);
SAME_NUMBER(LayoutAttribute::rows, CUBLASLT_MATRIX_LAYOUT_ROWS);
SAME_NUMBER(LayoutAttribute::columns, CUBLASLT_MATRIX_LAYOUT_COLS);
SAME_NUMBER(LayoutAttribute::ld, CUBLASLT_MATRIX_LAYOUT_LD);
SAME_NUMBER(PreferenceAttribute::max_workspace_bytes, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES);
SAME_NUMBER(PreferenceAttribute::reduction_mask, CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK);
SAME_NUMBER(Reduction::none, CUBLASLT_REDUCTION_SCHEME_NONE);
SAME_NUMBER(Reduction::in_place, CUBLASLT_REDUCTION_SCHEME_INPLACE);
SAME_NUMBER(Reduction::compute_type, CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE);
SAME_NUMBER(Reduction::output_type, CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE);
SAME_NUMBER(Reduction::any, CUBLASLT_REDUCTION_SCHEME_MASK);
SAME_NUMBER(AlgorithmAttribute::id, CUBLASLT_ALGO_CONFIG_ID);
SAME_NUMBER(AlgorithmAttribute::tile, CUBLASLT_ALGO_CONFIG_TILE_ID);
SAME_NUMBER(AlgorithmAttribute::split_k, CUBLASLT_ALGO_CONFIG_SPLITK_NUM);
SAME_NUMBER(AlgorithmAttribute::reduction, CUBLASLT_ALGO_CONFIG_REDUCTION_SCHEME);
SAME_NUMBER(AlgorithmAttribute::swizzle, CUBLASLT_ALGO_CONFIG_CTA_SWIZZLING);
SAME_NUMBER(AlgorithmAttribute::custom, CUBLASLT_ALGO_CONFIG_CUSTOM_OPTION);
SAME_NUMBER(AlgorithmAttribute::stages, CUBLASLT_ALGO_CONFIG_STAGES_ID);
SAME_NUMBER(AlgorithmAttribute::inner_shape, CUBLASLT_ALGO_CONFIG_INNER_SHAPE_ID);
SAME_NUMBER(AlgorithmAttribute::cluster_shape, CUBLASLT_ALGO_CONFIG_CLUSTER_SHAPE_ID);
SAME_NUMBER(Capability::arithmetic, CUBLASLT_ALGO_CAP_NUMERICAL_IMPL_FLAGS);
SAME_NUMBER(arithmetic::fma, CUBLASLT_NUMERICAL_IMPL_FLAGS_FMA);
SAME_NUMBER(arithmetic::hmma, CUBLASLT_NUMERICAL_IMPL_FLAGS_HMMA);
SAME_NUMBER(arithmetic::imma, CUBLASLT_NUMERICAL_IMPL_FLAGS_IMMA);
SAME_NUMBER(arithmetic::dmma, CUBLASLT_NUMERICAL_IMPL_FLAGS_DMMA);
SAME_NUMBER(arithmetic::sums_f16, CUBLASLT_NUMERICAL_IMPL_FLAGS_ACCUMULATOR_16F);
SAME_NUMBER(arithmetic::sums_f32, CUBLASLT_NUMERICAL_IMPL_FLAGS_ACCUMULATOR_32F);
SAME_NUMBER(arithmetic::sums_f64, CUBLASLT_NUMERICAL_IMPL_FLAGS_ACCUMULATOR_64F);
SAME_NUMBER(arithmetic::sums_int32, CUBLASLT_NUMERICAL_IMPL_FLAGS_ACCUMULATOR_32I);
SAME_NUMBER(arithmetic::from_f16, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_16F);
SAME_NUMBER(arithmetic::from_bf16, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_16BF);
SAME_NUMBER(arithmetic::from_tf32, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_TF32);
SAME_NUMBER(arithmetic::from_f32, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_32F);
SAME_NUMBER(arithmetic::from_f64, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_64F);
SAME_NUMBER(arithmetic::from_int8, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_8I);
SAME_NUMBER(arithmetic::from_e4m3, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_8F_E4M3);
SAME_NUMBER(arithmetic::from_e5m2, CUBLASLT_NUMERICAL_IMPL_FLAGS_INPUT_8F_E5M2);

// The names that plans show.
SAME_NUMBER(20, CUBLASLT_MATMUL_TILE_128x128);
SAME_NUMBER(23, CUBLASLT_MATMUL_TILE_128x256);
SAME_NUMBER(28, CUBLASLT_MATMUL_TILE_96x128);
SAME_NUMBER(31, CUBLASLT_MATMUL_TILE_192x128);
SAME_NUMBER(35, CUBLASLT_MATMUL_TILE_256x32);
SAME_NUMBER(2, CUBLASLT_CLUSTER_SHAPE_1x1x1);
SAME_NUMBER(6, CUBLASLT_CLUSTER_SHAPE_2x2x1);
SAME_NUMBER(12, CUBLASLT_CLUSTER_SHAPE_1x8x1);

/// Opaque structs and enumerations of ours stand where theirs do: as many arguments, each as large.
template <class Ours, class Theirs>
struct SameCall : std::false_type {};
template <class Result, class... Ours, class Other, class... Theirs>
struct SameCall<const Function<Result(Ours...)>, Other(Theirs...)> {
  static constexpr bool value =
      sizeof(Result) == sizeof(Other) && sizeof...(Ours) == sizeof...(Theirs) &&
      ((sizeof(Ours) == sizeof(Theirs) && std::is_pointer_v<Ours> == std::is_pointer_v<Theirs>)&&...);
};
#define SAME_CALL(ours, theirs) static_assert(SameCall<decltype(ours), decltype(::theirs)>::value)
SAME_CALL(create, cublasLtCreate);
SAME_CALL(destroy, cublasLtDestroy);
SAME_CALL(status_text, cublasLtGetStatusString);
SAME_CALL(version, cublasLtGetVersion);
SAME_CALL(desc_create, cublasLtMatmulDescCreate);
SAME_CALL(desc_destroy, cublasLtMatmulDescDestroy);
SAME_CALL(desc_set, cublasLtMatmulDescSetAttribute);
SAME_CALL(desc_get, cublasLtMatmulDescGetAttribute);
SAME_CALL(layout_create, cublasLtMatrixLayoutCreate);
SAME_CALL(layout_destroy, cublasLtMatrixLayoutDestroy);
SAME_CALL(layout_get, cublasLtMatrixLayoutGetAttribute);
SAME_CALL(preference_create, cublasLtMatmulPreferenceCreate);
SAME_CALL(preference_destroy, cublasLtMatmulPreferenceDestroy);
SAME_CALL(preference_set, cublasLtMatmulPreferenceSetAttribute);
SAME_CALL(heuristic, cublasLtMatmulAlgoGetHeuristic);
SAME_CALL(algorithm_get, cublasLtMatmulAlgoConfigGetAttribute);
SAME_CALL(capability_get, cublasLtMatmulAlgoCapGetAttribute);
SAME_CALL(matmul, cublasLtMatmul);

}  // namespace
}  // namespace gpubench::cublaslt
