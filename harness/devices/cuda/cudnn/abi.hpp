#pragma once

#include <cstddef>
#include <cstdint>

/// cuDNN's own name for a handle's type, so that the address of one of its functions has its type.
struct cudnnContext;
struct CUstream_st;

// The part of cuDNN's backend ("graph") interface that we use, in our own words: the library is found at run time, so
// neither its headers nor its version matter to a build. tests/harness/devices/cuda/cudnn/abi_check.cpp compares it
// with a real cudnn_graph.h where there is one (9.19 when this was written). cuDNN 9, 64-bit Linux; its enumerators
// keep their values within a major version.
namespace gpubench::cudnn {

using Handle = ::cudnnContext*;
using RawDescriptor = void*;

/// Thousands are categories.
enum class Status : int {
  success = 0,
  not_initialized = 1001,
  bad_parameter = 2000,
  not_supported = 3000,
  internal_error = 4000,
  host_allocation_failed = 4003,
  device_allocation_failed = 4004,
  execution_failed = 5000
};

enum class DataType : int { f32 = 0, f16 = 2, i32 = 4, bf16 = 9, i64 = 10, boolean = 11 };

/// What the elements of an attribute are.
enum class Kind : int {
  handle = 0,
  data_type = 1,
  boolean = 2,
  i64 = 3,
  f32 = 4,
  f64 = 5,
  pointer = 6,
  convolution_mode = 7,
  heuristic_mode = 8,
  knob = 9,
  numerical_note = 11,
  pointwise_mode = 14,
  descriptor = 15,
  statistics_mode = 16,
  reduction = 18,
  behavior_note = 19,
  i32 = 23,
  text = 24,
  norm_mode = 27,
  norm_phase = 28
};

enum class DescriptorType : int {
  pointwise = 0,
  convolution = 1,
  engine = 2,
  engine_config = 3,
  heuristics = 4,
  execution_plan = 5,
  knob_choice = 7,
  convolution_forward = 10,
  convolution_weight_gradient = 11,
  convolution_data_gradient = 12,
  pointwise_operation = 13,
  statistics_operation = 14,
  operation_graph = 15,
  variant_pack = 16,
  tensor = 17,
  matmul = 18,
  matmul_operation = 19,
  reduction = 21,
  reduction_operation = 22,
  norm_forward = 29,
  norm_backward = 30,
  reshape_operation = 31,
  device_properties = 38
};

enum class Attribute : int {
  pointwise_mode = 0,
  pointwise_precision = 1,
  pointwise_axis = 9,
  convolution_precision = 100,
  convolution_mode = 101,
  convolution_dilations = 102,
  convolution_strides = 103,
  convolution_post_paddings = 104,
  convolution_pre_paddings = 105,
  convolution_dimensions = 106,
  heuristics_mode = 200,
  heuristics_graph = 201,
  heuristics_results = 202,
  heuristics_device = 204,
  config_engine = 300,
  config_knobs = 302,
  plan_handle = 400,
  plan_config = 401,
  plan_workspace = 402,
  plan_device = 407,
  knob = 600,
  knob_value = 601,
  forward_alpha = 700,
  forward_beta = 701,
  forward_convolution = 702,
  forward_w = 703,
  forward_x = 704,
  forward_y = 705,
  data_gradient_alpha = 706,
  data_gradient_beta = 707,
  data_gradient_convolution = 708,
  data_gradient_w = 709,
  data_gradient_dx = 710,
  data_gradient_dy = 711,
  weight_gradient_alpha = 712,
  weight_gradient_beta = 713,
  weight_gradient_convolution = 714,
  weight_gradient_dw = 715,
  weight_gradient_x = 716,
  weight_gradient_dy = 717,
  pointwise_descriptor = 750,
  pointwise_x = 751,
  pointwise_b = 752,
  pointwise_y = 753,
  pointwise_dx = 756,
  pointwise_dy = 757,
  pointwise_t = 758,
  statistics_mode = 770,
  statistics_precision = 771,
  statistics_x = 772,
  statistics_sum = 773,
  statistics_square_sum = 774,
  graph_handle = 800,
  graph_operations = 801,
  tensor_alignment = 900,
  tensor_type = 901,
  tensor_dimensions = 902,
  tensor_strides = 903,
  tensor_id = 906,
  tensor_is_virtual = 907,
  tensor_is_by_value = 908,
  pack_ids = 1000,
  pack_pointers = 1001,
  pack_workspace = 1003,
  engine_index = 1301,
  engine_numerical_notes = 1303,
  engine_behavior_notes = 1305,
  matmul_precision = 1500,
  matmul_a = 1520,
  matmul_b = 1521,
  matmul_c = 1522,
  matmul_descriptor = 1523,
  reduction_operator = 1600,
  reduction_precision = 1601,
  reduction_x = 1610,
  reduction_y = 1611,
  reduction_descriptor = 1612,
  norm_forward_mode = 2000,
  norm_forward_phase = 2001,
  norm_forward_x = 2002,
  norm_forward_mean = 2003,
  norm_forward_inverse_deviation = 2004,
  norm_forward_scale = 2005,
  norm_forward_shift = 2006,
  norm_forward_epsilon = 2007,
  norm_forward_average_factor = 2008,
  norm_forward_running_mean = 2009,
  norm_forward_running_variance = 2010,
  norm_forward_next_running_mean = 2011,
  norm_forward_next_running_variance = 2012,
  norm_forward_y = 2013,
  norm_backward_mode = 2100,
  norm_backward_x = 2101,
  norm_backward_mean = 2102,
  norm_backward_inverse_deviation = 2103,
  norm_backward_dy = 2104,
  norm_backward_scale = 2105,
  norm_backward_epsilon = 2106,
  norm_backward_dscale = 2107,
  norm_backward_dshift = 2108,
  norm_backward_dx = 2109,
  reshape_x = 2200,
  reshape_y = 2201,
  device_handle = 2701,
  device_json = 2702
};

enum class ConvolutionMode : int { cross_correlation = 1 };
enum class StatisticsMode : int { sum_and_square_sum = 0 };
enum class Reduction : int { add = 0, max = 3 };
enum class NormMode : int { layer = 0, batch = 2 };
enum class NormPhase : int { training = 1 };
enum class HeuristicMode : int { b = 1, fallback = 2, a = 3 };

enum class Pointwise : int {
  add = 0,
  mul = 1,
  div = 6,
  sub = 9,
  exp = 13,
  log = 15,
  identity = 21,
  relu = 100,
  relu_backward = 200,
  greater_or_equal = 303,
  index = 501,
  select = 601
};

/// What an engine does to numbers.
enum class NumericalNote : int {
  tensor_cores = 0,
  down_converted_inputs = 1,
  reduced_precision_reduction = 2,
  fft = 3,
  not_deterministic = 4,
  winograd = 5,
  winograd_4x4 = 6,
  winograd_6x6 = 7,
  winograd_13x13 = 8,
  strict_nan = 9
};

enum class BehaviorNote : int {
  compiled_at_run_time = 0,
  filter_reordered = 1,
  bias_reordered = 2,
  cuda_graphs = 3,
  cublaslt = 4
};

/// Kinds of knobs; cuDNN 9.19 has 44, newer ones may have more.
enum class Knob : int { count = 44 };

// clang-format off
/// USE(result, name, parameters)
#define GPUBENCH_CUDNN_FUNCTIONS(USE)                                                                                   \
  USE(std::size_t, cudnnGetVersion, ())                                                                                 \
  USE(const char*, cudnnGetErrorString, (Status status))                                                                \
  USE(void, cudnnGetLastErrorString, (char* text, std::size_t size))                                                    \
  USE(Status, cudnnCreate, (Handle * handle))                                                                           \
  USE(Status, cudnnSetStream, (Handle handle, ::CUstream_st* stream))                                                   \
  USE(Status, cudnnBackendCreateDescriptor, (DescriptorType type, RawDescriptor* descriptor))                           \
  USE(Status, cudnnBackendDestroyDescriptor, (RawDescriptor descriptor))                                                \
  USE(Status, cudnnBackendFinalize, (RawDescriptor descriptor))                                                         \
  USE(Status, cudnnBackendSetAttribute,                                                                                 \
      (RawDescriptor descriptor, Attribute attribute, Kind kind, std::int64_t count, const void* elements))             \
  USE(Status, cudnnBackendGetAttribute,                                                                                 \
      (RawDescriptor descriptor, Attribute attribute, Kind kind, std::int64_t room, std::int64_t* count, void* elements)) \
  USE(Status, cudnnBackendExecute, (Handle handle, RawDescriptor plan, RawDescriptor variant_pack))
// clang-format on

}  // namespace gpubench::cudnn
