// Nothing here runs: it compiles where our declarations of cuDNN are those of a real cudnn_graph.h.
#include <cstddef>
#include <type_traits>

#include <cudnn_graph.h>

#include "harness/devices/cuda/cudnn/abi.hpp"

namespace gpubench::cudnn {
namespace {

static_assert(std::is_same_v<Handle, cudnnHandle_t>);
static_assert(std::is_same_v<RawDescriptor, cudnnBackendDescriptor_t>);

#define SAME(ours, theirs) static_assert(static_cast<int>(ours) == static_cast<int>(theirs), #theirs)

SAME(Status::success, CUDNN_STATUS_SUCCESS);
SAME(Status::not_initialized, CUDNN_STATUS_NOT_INITIALIZED);
SAME(Status::bad_parameter, CUDNN_STATUS_BAD_PARAM);
SAME(Status::not_supported, CUDNN_STATUS_NOT_SUPPORTED);
SAME(Status::internal_error, CUDNN_STATUS_INTERNAL_ERROR);
SAME(Status::host_allocation_failed, CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED);
SAME(Status::device_allocation_failed, CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED);
SAME(Status::execution_failed, CUDNN_STATUS_EXECUTION_FAILED);

SAME(DataType::f32, CUDNN_DATA_FLOAT);
SAME(DataType::f16, CUDNN_DATA_HALF);
SAME(DataType::i32, CUDNN_DATA_INT32);
SAME(DataType::bf16, CUDNN_DATA_BFLOAT16);
SAME(DataType::i64, CUDNN_DATA_INT64);
SAME(DataType::boolean, CUDNN_DATA_BOOLEAN);

SAME(Kind::handle, CUDNN_TYPE_HANDLE);
SAME(Kind::data_type, CUDNN_TYPE_DATA_TYPE);
SAME(Kind::boolean, CUDNN_TYPE_BOOLEAN);
SAME(Kind::i64, CUDNN_TYPE_INT64);
SAME(Kind::f32, CUDNN_TYPE_FLOAT);
SAME(Kind::f64, CUDNN_TYPE_DOUBLE);
SAME(Kind::pointer, CUDNN_TYPE_VOID_PTR);
SAME(Kind::convolution_mode, CUDNN_TYPE_CONVOLUTION_MODE);
SAME(Kind::heuristic_mode, CUDNN_TYPE_HEUR_MODE);
SAME(Kind::knob, CUDNN_TYPE_KNOB_TYPE);
SAME(Kind::numerical_note, CUDNN_TYPE_NUMERICAL_NOTE);
SAME(Kind::pointwise_mode, CUDNN_TYPE_POINTWISE_MODE);
SAME(Kind::descriptor, CUDNN_TYPE_BACKEND_DESCRIPTOR);
SAME(Kind::statistics_mode, CUDNN_TYPE_GENSTATS_MODE);
SAME(Kind::reduction, CUDNN_TYPE_REDUCTION_OPERATOR_TYPE);
SAME(Kind::behavior_note, CUDNN_TYPE_BEHAVIOR_NOTE);
SAME(Kind::i32, CUDNN_TYPE_INT32);
SAME(Kind::text, CUDNN_TYPE_CHAR);
SAME(Kind::norm_mode, CUDNN_TYPE_NORM_MODE);
SAME(Kind::norm_phase, CUDNN_TYPE_NORM_FWD_PHASE);

SAME(DescriptorType::pointwise, CUDNN_BACKEND_POINTWISE_DESCRIPTOR);
SAME(DescriptorType::convolution, CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR);
SAME(DescriptorType::engine, CUDNN_BACKEND_ENGINE_DESCRIPTOR);
SAME(DescriptorType::engine_config, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
SAME(DescriptorType::heuristics, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
SAME(DescriptorType::execution_plan, CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
SAME(DescriptorType::knob_choice, CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR);
SAME(DescriptorType::convolution_forward, CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR);
SAME(DescriptorType::convolution_weight_gradient, CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR);
SAME(DescriptorType::convolution_data_gradient, CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR);
SAME(DescriptorType::pointwise_operation, CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR);
SAME(DescriptorType::statistics_operation, CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR);
SAME(DescriptorType::operation_graph, CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR);
SAME(DescriptorType::variant_pack, CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
SAME(DescriptorType::tensor, CUDNN_BACKEND_TENSOR_DESCRIPTOR);
SAME(DescriptorType::matmul, CUDNN_BACKEND_MATMUL_DESCRIPTOR);
SAME(DescriptorType::matmul_operation, CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR);
SAME(DescriptorType::reduction, CUDNN_BACKEND_REDUCTION_DESCRIPTOR);
SAME(DescriptorType::reduction_operation, CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR);
SAME(DescriptorType::norm_forward, CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR);
SAME(DescriptorType::norm_backward, CUDNN_BACKEND_OPERATION_NORM_BACKWARD_DESCRIPTOR);
SAME(DescriptorType::reshape_operation, CUDNN_BACKEND_OPERATION_RESHAPE_DESCRIPTOR);
SAME(DescriptorType::device_properties, CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);

SAME(Attribute::pointwise_mode, CUDNN_ATTR_POINTWISE_MODE);
SAME(Attribute::pointwise_precision, CUDNN_ATTR_POINTWISE_MATH_PREC);
SAME(Attribute::pointwise_axis, CUDNN_ATTR_POINTWISE_AXIS);
SAME(Attribute::convolution_precision, CUDNN_ATTR_CONVOLUTION_COMP_TYPE);
SAME(Attribute::convolution_mode, CUDNN_ATTR_CONVOLUTION_CONV_MODE);
SAME(Attribute::convolution_dilations, CUDNN_ATTR_CONVOLUTION_DILATIONS);
SAME(Attribute::convolution_strides, CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES);
SAME(Attribute::convolution_post_paddings, CUDNN_ATTR_CONVOLUTION_POST_PADDINGS);
SAME(Attribute::convolution_pre_paddings, CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS);
SAME(Attribute::convolution_dimensions, CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS);
SAME(Attribute::heuristics_mode, CUDNN_ATTR_ENGINEHEUR_MODE);
SAME(Attribute::heuristics_graph, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH);
SAME(Attribute::heuristics_results, CUDNN_ATTR_ENGINEHEUR_RESULTS);
SAME(Attribute::heuristics_device, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP);
SAME(Attribute::config_engine, CUDNN_ATTR_ENGINECFG_ENGINE);
SAME(Attribute::config_knobs, CUDNN_ATTR_ENGINECFG_KNOB_CHOICES);
SAME(Attribute::plan_handle, CUDNN_ATTR_EXECUTION_PLAN_HANDLE);
SAME(Attribute::plan_config, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG);
SAME(Attribute::plan_workspace, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
SAME(Attribute::plan_device, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP);
SAME(Attribute::knob, CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE);
SAME(Attribute::knob_value, CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE);
SAME(Attribute::forward_alpha, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA);
SAME(Attribute::forward_beta, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA);
SAME(Attribute::forward_convolution, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC);
SAME(Attribute::forward_w, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W);
SAME(Attribute::forward_x, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X);
SAME(Attribute::forward_y, CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y);
SAME(Attribute::data_gradient_alpha, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA);
SAME(Attribute::data_gradient_beta, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA);
SAME(Attribute::data_gradient_convolution, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC);
SAME(Attribute::data_gradient_w, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W);
SAME(Attribute::data_gradient_dx, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX);
SAME(Attribute::data_gradient_dy, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY);
SAME(Attribute::weight_gradient_alpha, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA);
SAME(Attribute::weight_gradient_beta, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA);
SAME(Attribute::weight_gradient_convolution, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC);
SAME(Attribute::weight_gradient_dw, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW);
SAME(Attribute::weight_gradient_x, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X);
SAME(Attribute::weight_gradient_dy, CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY);
SAME(Attribute::pointwise_descriptor, CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR);
SAME(Attribute::pointwise_x, CUDNN_ATTR_OPERATION_POINTWISE_XDESC);
SAME(Attribute::pointwise_b, CUDNN_ATTR_OPERATION_POINTWISE_BDESC);
SAME(Attribute::pointwise_y, CUDNN_ATTR_OPERATION_POINTWISE_YDESC);
SAME(Attribute::pointwise_dx, CUDNN_ATTR_OPERATION_POINTWISE_DXDESC);
SAME(Attribute::pointwise_dy, CUDNN_ATTR_OPERATION_POINTWISE_DYDESC);
SAME(Attribute::pointwise_t, CUDNN_ATTR_OPERATION_POINTWISE_TDESC);
SAME(Attribute::statistics_mode, CUDNN_ATTR_OPERATION_GENSTATS_MODE);
SAME(Attribute::statistics_precision, CUDNN_ATTR_OPERATION_GENSTATS_MATH_PREC);
SAME(Attribute::statistics_x, CUDNN_ATTR_OPERATION_GENSTATS_XDESC);
SAME(Attribute::statistics_sum, CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC);
SAME(Attribute::statistics_square_sum, CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC);
SAME(Attribute::graph_handle, CUDNN_ATTR_OPERATIONGRAPH_HANDLE);
SAME(Attribute::graph_operations, CUDNN_ATTR_OPERATIONGRAPH_OPS);
SAME(Attribute::tensor_alignment, CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT);
SAME(Attribute::tensor_type, CUDNN_ATTR_TENSOR_DATA_TYPE);
SAME(Attribute::tensor_dimensions, CUDNN_ATTR_TENSOR_DIMENSIONS);
SAME(Attribute::tensor_strides, CUDNN_ATTR_TENSOR_STRIDES);
SAME(Attribute::tensor_id, CUDNN_ATTR_TENSOR_UNIQUE_ID);
SAME(Attribute::tensor_is_virtual, CUDNN_ATTR_TENSOR_IS_VIRTUAL);
SAME(Attribute::tensor_is_by_value, CUDNN_ATTR_TENSOR_IS_BY_VALUE);
SAME(Attribute::pack_ids, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS);
SAME(Attribute::pack_pointers, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS);
SAME(Attribute::pack_workspace, CUDNN_ATTR_VARIANT_PACK_WORKSPACE);
SAME(Attribute::engine_index, CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
SAME(Attribute::engine_numerical_notes, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE);
SAME(Attribute::engine_behavior_notes, CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE);
SAME(Attribute::matmul_precision, CUDNN_ATTR_MATMUL_COMP_TYPE);
SAME(Attribute::matmul_a, CUDNN_ATTR_OPERATION_MATMUL_ADESC);
SAME(Attribute::matmul_b, CUDNN_ATTR_OPERATION_MATMUL_BDESC);
SAME(Attribute::matmul_c, CUDNN_ATTR_OPERATION_MATMUL_CDESC);
SAME(Attribute::matmul_descriptor, CUDNN_ATTR_OPERATION_MATMUL_DESC);
SAME(Attribute::reduction_operator, CUDNN_ATTR_REDUCTION_OPERATOR);
SAME(Attribute::reduction_precision, CUDNN_ATTR_REDUCTION_COMP_TYPE);
SAME(Attribute::reduction_x, CUDNN_ATTR_OPERATION_REDUCTION_XDESC);
SAME(Attribute::reduction_y, CUDNN_ATTR_OPERATION_REDUCTION_YDESC);
SAME(Attribute::reduction_descriptor, CUDNN_ATTR_OPERATION_REDUCTION_DESC);
SAME(Attribute::norm_forward_mode, CUDNN_ATTR_OPERATION_NORM_FWD_MODE);
SAME(Attribute::norm_forward_phase, CUDNN_ATTR_OPERATION_NORM_FWD_PHASE);
SAME(Attribute::norm_forward_x, CUDNN_ATTR_OPERATION_NORM_FWD_XDESC);
SAME(Attribute::norm_forward_mean, CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC);
SAME(Attribute::norm_forward_inverse_deviation, CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC);
SAME(Attribute::norm_forward_scale, CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC);
SAME(Attribute::norm_forward_shift, CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC);
SAME(Attribute::norm_forward_epsilon, CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC);
SAME(Attribute::norm_forward_average_factor, CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC);
SAME(Attribute::norm_forward_running_mean, CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_MEAN_DESC);
SAME(Attribute::norm_forward_running_variance, CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_VAR_DESC);
SAME(Attribute::norm_forward_next_running_mean, CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_MEAN_DESC);
SAME(Attribute::norm_forward_next_running_variance, CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_VAR_DESC);
SAME(Attribute::norm_forward_y, CUDNN_ATTR_OPERATION_NORM_FWD_YDESC);
SAME(Attribute::norm_backward_mode, CUDNN_ATTR_OPERATION_NORM_BWD_MODE);
SAME(Attribute::norm_backward_x, CUDNN_ATTR_OPERATION_NORM_BWD_XDESC);
SAME(Attribute::norm_backward_mean, CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC);
SAME(Attribute::norm_backward_inverse_deviation, CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC);
SAME(Attribute::norm_backward_dy, CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC);
SAME(Attribute::norm_backward_scale, CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC);
SAME(Attribute::norm_backward_epsilon, CUDNN_ATTR_OPERATION_NORM_BWD_EPSILON_DESC);
SAME(Attribute::norm_backward_dscale, CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC);
SAME(Attribute::norm_backward_dshift, CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC);
SAME(Attribute::norm_backward_dx, CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC);
SAME(Attribute::reshape_x, CUDNN_ATTR_OPERATION_RESHAPE_XDESC);
SAME(Attribute::reshape_y, CUDNN_ATTR_OPERATION_RESHAPE_YDESC);
SAME(Attribute::device_handle, CUDNN_ATTR_DEVICEPROP_HANDLE);
SAME(Attribute::device_json, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION);

SAME(ConvolutionMode::cross_correlation, CUDNN_CROSS_CORRELATION);

SAME(StatisticsMode::sum_and_square_sum, CUDNN_GENSTATS_SUM_SQSUM);

SAME(Reduction::add, CUDNN_REDUCE_TENSOR_ADD);
SAME(Reduction::max, CUDNN_REDUCE_TENSOR_MAX);

SAME(NormMode::layer, CUDNN_LAYER_NORM);
SAME(NormMode::batch, CUDNN_BATCH_NORM);

SAME(NormPhase::training, CUDNN_NORM_FWD_TRAINING);

SAME(HeuristicMode::b, CUDNN_HEUR_MODE_B);
SAME(HeuristicMode::fallback, CUDNN_HEUR_MODE_FALLBACK);
SAME(HeuristicMode::a, CUDNN_HEUR_MODE_A);

SAME(Pointwise::add, CUDNN_POINTWISE_ADD);
SAME(Pointwise::mul, CUDNN_POINTWISE_MUL);
SAME(Pointwise::div, CUDNN_POINTWISE_DIV);
SAME(Pointwise::sub, CUDNN_POINTWISE_SUB);
SAME(Pointwise::exp, CUDNN_POINTWISE_EXP);
SAME(Pointwise::log, CUDNN_POINTWISE_LOG);
SAME(Pointwise::identity, CUDNN_POINTWISE_IDENTITY);
SAME(Pointwise::relu, CUDNN_POINTWISE_RELU_FWD);
SAME(Pointwise::relu_backward, CUDNN_POINTWISE_RELU_BWD);
SAME(Pointwise::greater_or_equal, CUDNN_POINTWISE_CMP_GE);
SAME(Pointwise::index, CUDNN_POINTWISE_GEN_INDEX);
SAME(Pointwise::select, CUDNN_POINTWISE_BINARY_SELECT);

SAME(NumericalNote::tensor_cores, CUDNN_NUMERICAL_NOTE_TENSOR_CORE);
SAME(NumericalNote::down_converted_inputs, CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS);
SAME(NumericalNote::reduced_precision_reduction, CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION);
SAME(NumericalNote::fft, CUDNN_NUMERICAL_NOTE_FFT);
SAME(NumericalNote::not_deterministic, CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC);
SAME(NumericalNote::winograd, CUDNN_NUMERICAL_NOTE_WINOGRAD);
SAME(NumericalNote::winograd_4x4, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_4x4);
SAME(NumericalNote::winograd_6x6, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_6x6);
SAME(NumericalNote::winograd_13x13, CUDNN_NUMERICAL_NOTE_WINOGRAD_TILE_13x13);
SAME(NumericalNote::strict_nan, CUDNN_NUMERICAL_NOTE_STRICT_NAN_PROP);

SAME(BehaviorNote::compiled_at_run_time, CUDNN_BEHAVIOR_NOTE_RUNTIME_COMPILATION);
SAME(BehaviorNote::filter_reordered, CUDNN_BEHAVIOR_NOTE_REQUIRES_FILTER_INT8x32_REORDER);
SAME(BehaviorNote::bias_reordered, CUDNN_BEHAVIOR_NOTE_REQUIRES_BIAS_INT8x32_REORDER);
SAME(BehaviorNote::cuda_graphs, CUDNN_BEHAVIOR_NOTE_SUPPORTS_CUDA_GRAPH_NATIVE_API);
SAME(BehaviorNote::cublaslt, CUDNN_BEHAVIOR_NOTE_CUBLASLT_DEPENDENCY);
static_assert(static_cast<int>(Knob::count) <= CUDNN_KNOB_TYPE_COUNTS, "newer ones are told by their number");

/// As many parameters, each of the same size, and a pointer where theirs is one.
template <class Ours, class Theirs>
constexpr bool same_call = false;
template <class OurResult, class... Ours, class Result, class... Theirs>
requires(sizeof...(Ours) ==
         sizeof...(Theirs)) constexpr bool same_call<OurResult(Ours...), Result (*)(Theirs...)> = [] {
  if constexpr (std::is_void_v<OurResult> || std::is_void_v<Result>) {
    if (!std::is_void_v<OurResult> || !std::is_void_v<Result>) return false;
  } else if (sizeof(OurResult) != sizeof(Result) || std::is_pointer_v<OurResult> != std::is_pointer_v<Result>) {
    return false;
  }
  return ((sizeof(Ours) == sizeof(Theirs) && std::is_pointer_v<Ours> == std::is_pointer_v<Theirs>)&&...);
}();

static_assert(!same_call<Status(RawDescriptor, int), decltype(&::cudnnBackendFinalize)>, "a check that can fail");
static_assert(!same_call<Status(int), decltype(&::cudnnBackendFinalize)>, "a check that can fail");

#define SAME_CALL(result, name, parameters) static_assert(same_call<result parameters, decltype(&::name)>, #name);
GPUBENCH_CUDNN_FUNCTIONS(SAME_CALL)

}  // namespace
}  // namespace gpubench::cudnn
