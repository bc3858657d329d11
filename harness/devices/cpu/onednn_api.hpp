#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/devices/cpu/onednn.hpp"

// What oneDNN 2 and 3 spell differently: one function for each primitive descriptor that is used. 3.1 is the newest
// interface that may be used here. All of them throw dnnl::error.
namespace gpubench::onednn {

using Desc = dnnl::memory::desc;

/// Square windows.
struct Window {
  std::int64_t kernel = 1, stride = 1, padding = 0;
};

dnnl::convolution_forward::primitive_desc convolution_forward(const dnnl::engine& engine,
                                                              const Desc& x,
                                                              const Desc& w,
                                                              const Desc& y,
                                                              const Window& window,
                                                              const dnnl::primitive_attr& attr);
dnnl::convolution_backward_data::primitive_desc convolution_data_gradient(
    const dnnl::engine& engine,
    const Desc& dx,
    const Desc& w,
    const Desc& dy,
    const Window& window,
    const dnnl::convolution_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr);
dnnl::convolution_backward_weights::primitive_desc convolution_weight_gradient(
    const dnnl::engine& engine,
    const Desc& x,
    const Desc& dw,
    const Desc& dy,
    const Window& window,
    const dnnl::convolution_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr);

/// Training, with scale and shift apart. x, y and their gradients lie alike.
dnnl::batch_normalization_forward::primitive_desc batch_norm_forward(
    const dnnl::engine& engine, const Desc& x, float epsilon, bool relu, const dnnl::primitive_attr& attr);
dnnl::batch_normalization_backward::primitive_desc batch_norm_backward(
    const dnnl::engine& engine,
    const Desc& x,
    float epsilon,
    bool relu,
    const dnnl::batch_normalization_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr);

/// The argument under which the backward pass takes the shift; none if it does not. No formula needs it, but version 2
/// fails with `invalid arguments` without it, and version 3 with it.
std::optional<int> batch_norm_backward_shift();

dnnl::pooling_forward::primitive_desc pooling_forward(const dnnl::engine& engine,
                                                      dnnl::algorithm algorithm,
                                                      const Desc& x,
                                                      const Desc& y,
                                                      const dnnl::memory::dims& kernel,
                                                      const Window& window,
                                                      const dnnl::primitive_attr& attr);
dnnl::pooling_backward::primitive_desc pooling_backward(const dnnl::engine& engine,
                                                        dnnl::algorithm algorithm,
                                                        const Desc& dx,
                                                        const Desc& dy,
                                                        const dnnl::memory::dims& kernel,
                                                        const Window& window,
                                                        const dnnl::pooling_forward::primitive_desc& forward,
                                                        const dnnl::primitive_attr& attr);

/// y = x * w, batched where there are more than two dimensions; with bias {1, n} added where it is not empty.
dnnl::matmul::primitive_desc matmul(const dnnl::engine& engine,
                                    const Desc& x,
                                    const Desc& w,
                                    const Desc& bias,
                                    const Desc& y,
                                    const dnnl::primitive_attr& attr);

/// y = x * w^T, without bias.
dnnl::inner_product_forward::primitive_desc inner_product_forward(
    const dnnl::engine& engine, const Desc& x, const Desc& w, const Desc& y, const dnnl::primitive_attr& attr);
dnnl::inner_product_backward_data::primitive_desc inner_product_data_gradient(
    const dnnl::engine& engine,
    const Desc& dx,
    const Desc& w,
    const Desc& dy,
    const dnnl::inner_product_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr);
dnnl::inner_product_backward_weights::primitive_desc inner_product_weight_gradient(
    const dnnl::engine& engine,
    const Desc& x,
    const Desc& dw,
    const Desc& dy,
    const dnnl::inner_product_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr);

/// c = a b
dnnl::matmul::primitive_desc matmul(
    const dnnl::engine& engine, const Desc& a, const Desc& b, const Desc& c, const dnnl::primitive_attr& attr);

/// y = a + b; all lie alike.
dnnl::binary::primitive_desc addition(const dnnl::engine& engine, const Desc& one, const dnnl::primitive_attr& attr);
void append_relu(dnnl::post_ops& operations);
/// dx from y (not from x) and dy; all lie alike.
dnnl::eltwise_backward::primitive_desc relu_backward(const dnnl::engine& engine,
                                                     const Desc& one,
                                                     const dnnl::primitive_attr& attr);

dnnl::memory::dims dims(const Desc& desc);

/// What the library will use here, `ONEDNN_MAX_CPU_ISA` included: `avx512_core_amx`. @throws Unsupported
std::string effective_isa();

}  // namespace gpubench::onednn
