#pragma once

#include <string>

#include <oneapi/dnnl/dnnl.h>

#include "harness/core/imported.hpp"

namespace gpubench {

/// oneDNN of the headers' major version, found at run time. First use must come from one thread.
ImportedLibrary& onednn_library();
/// `2.6.3`, of the library found. @throws Unsupported
std::string onednn_version();

}  // namespace gpubench

// The C++ interface of oneDNN is inline code in namespace dnnl that calls the C functions. Declared here between the
// two headers, these objects are what its unqualified calls find. Nothing can be forgotten unnoticed: plug-ins are
// linked with --no-undefined, and a function that is not listed is an undefined symbol.
// NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared cannot stand in parentheses
#define GPUBENCH_IMPORT(name) \
  inline constinit const gpubench::Imported<decltype(::name)> name { gpubench::onednn_library, #name }
// NOLINTEND(bugprone-macro-parentheses)

namespace dnnl {

GPUBENCH_IMPORT(dnnl_engine_create);
GPUBENCH_IMPORT(dnnl_engine_destroy);
GPUBENCH_IMPORT(dnnl_get_effective_cpu_isa);
GPUBENCH_IMPORT(dnnl_memory_create);
GPUBENCH_IMPORT(dnnl_memory_desc_equal);
GPUBENCH_IMPORT(dnnl_memory_desc_get_size);
GPUBENCH_IMPORT(dnnl_memory_desc_reshape);
GPUBENCH_IMPORT(dnnl_memory_destroy);
GPUBENCH_IMPORT(dnnl_post_ops_append_eltwise);
GPUBENCH_IMPORT(dnnl_post_ops_create);
GPUBENCH_IMPORT(dnnl_post_ops_destroy);
GPUBENCH_IMPORT(dnnl_primitive_attr_create);
GPUBENCH_IMPORT(dnnl_primitive_attr_destroy);
GPUBENCH_IMPORT(dnnl_primitive_attr_set_post_ops);
GPUBENCH_IMPORT(dnnl_primitive_attr_set_scratchpad_mode);
GPUBENCH_IMPORT(dnnl_primitive_create);
GPUBENCH_IMPORT(dnnl_primitive_desc_clone);
GPUBENCH_IMPORT(dnnl_primitive_desc_destroy);
GPUBENCH_IMPORT(dnnl_primitive_desc_query);
GPUBENCH_IMPORT(dnnl_primitive_desc_query_md);
GPUBENCH_IMPORT(dnnl_primitive_destroy);
GPUBENCH_IMPORT(dnnl_primitive_execute);
GPUBENCH_IMPORT(dnnl_reorder_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_stream_create);
GPUBENCH_IMPORT(dnnl_stream_destroy);
GPUBENCH_IMPORT(dnnl_stream_wait);
GPUBENCH_IMPORT(dnnl_version);

#if DNNL_VERSION_MAJOR == 2  // a primitive is described first, then a primitive descriptor is made from that
GPUBENCH_IMPORT(dnnl_batch_normalization_backward_desc_init);
GPUBENCH_IMPORT(dnnl_batch_normalization_forward_desc_init);
GPUBENCH_IMPORT(dnnl_binary_desc_init);
GPUBENCH_IMPORT(dnnl_convolution_backward_data_desc_init);
GPUBENCH_IMPORT(dnnl_convolution_backward_weights_desc_init);
GPUBENCH_IMPORT(dnnl_convolution_forward_desc_init);
GPUBENCH_IMPORT(dnnl_eltwise_backward_desc_init);
GPUBENCH_IMPORT(dnnl_eltwise_forward_desc_init);
GPUBENCH_IMPORT(dnnl_inner_product_backward_data_desc_init);
GPUBENCH_IMPORT(dnnl_inner_product_backward_weights_desc_init);
GPUBENCH_IMPORT(dnnl_inner_product_forward_desc_init);
GPUBENCH_IMPORT(dnnl_matmul_desc_init);
GPUBENCH_IMPORT(dnnl_memory_desc_init_by_strides);
GPUBENCH_IMPORT(dnnl_memory_desc_init_by_tag);
GPUBENCH_IMPORT(dnnl_pooling_backward_desc_init);
GPUBENCH_IMPORT(dnnl_pooling_forward_desc_init);
GPUBENCH_IMPORT(dnnl_primitive_desc_iterator_create);
GPUBENCH_IMPORT(dnnl_primitive_desc_iterator_destroy);
GPUBENCH_IMPORT(dnnl_primitive_desc_iterator_fetch);
#else  // a primitive descriptor is made in one call, and memory descriptors are handles
GPUBENCH_IMPORT(dnnl_batch_normalization_backward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_batch_normalization_forward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_binary_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_convolution_backward_data_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_convolution_backward_weights_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_convolution_forward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_eltwise_backward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_eltwise_forward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_inner_product_backward_data_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_inner_product_backward_weights_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_inner_product_forward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_matmul_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_memory_desc_clone);
GPUBENCH_IMPORT(dnnl_memory_desc_create_with_strides);
GPUBENCH_IMPORT(dnnl_memory_desc_create_with_tag);
GPUBENCH_IMPORT(dnnl_memory_desc_destroy);
GPUBENCH_IMPORT(dnnl_memory_desc_query);
GPUBENCH_IMPORT(dnnl_pooling_backward_primitive_desc_create);
GPUBENCH_IMPORT(dnnl_pooling_forward_primitive_desc_create);
#endif

}  // namespace dnnl

#undef GPUBENCH_IMPORT

#include <oneapi/dnnl/dnnl.hpp>
