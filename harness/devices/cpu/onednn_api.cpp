#include "harness/devices/cpu/onednn_api.hpp"

#include <fmt/format.h>

namespace gpubench::onednn {
namespace {

using enum dnnl::prop_kind;
using Dims = dnnl::memory::dims;

constexpr auto direct = dnnl::algorithm::convolution_direct;
constexpr auto add = dnnl::algorithm::binary_add;
constexpr auto relu_of_y = dnnl::algorithm::eltwise_relu_use_dst_for_bwd;

Dims strides(const Window& window) { return {window.stride, window.stride}; }
Dims padding(const Window& window) { return {window.padding, window.padding}; }

dnnl::normalization_flags flags(bool relu) {
  using enum dnnl::normalization_flags;
  return relu ? use_scale | use_shift | fuse_norm_relu : use_scale | use_shift;
}

/// One primitive descriptor: version 2 wants a description first, and the attributes before the engine.
#if DNNL_VERSION_MAJOR == 2
template <class Primitive, class... Arguments>
typename Primitive::primitive_desc described(const dnnl::engine& engine,
                                             const dnnl::primitive_attr& attr,
                                             const Arguments&... arguments) {
  return {typename Primitive::desc(arguments...), attr, engine};
}
template <class Primitive, class Forward, class... Arguments>
typename Primitive::primitive_desc described_after(const Forward& forward,
                                                   const dnnl::engine& engine,
                                                   const dnnl::primitive_attr& attr,
                                                   const Arguments&... arguments) {
  return {typename Primitive::desc(arguments...), attr, engine, forward};
}
#else
template <class Primitive, class... Arguments>
typename Primitive::primitive_desc described(const dnnl::engine& engine,
                                             const dnnl::primitive_attr& attr,
                                             const Arguments&... arguments) {
  return {engine, arguments..., attr};
}
template <class Primitive, class Forward, class... Arguments>
typename Primitive::primitive_desc described_after(const Forward& forward,
                                                   const dnnl::engine& engine,
                                                   const dnnl::primitive_attr& attr,
                                                   const Arguments&... arguments) {
  return {engine, arguments..., forward, attr};
}
#endif

}  // namespace

dnnl::convolution_forward::primitive_desc convolution_forward(const dnnl::engine& engine,
                                                              const Desc& x,
                                                              const Desc& w,
                                                              const Desc& y,
                                                              const Window& window,
                                                              const dnnl::primitive_attr& attr) {
  return described<dnnl::convolution_forward>(
      engine, attr, forward_training, direct, x, w, y, strides(window), padding(window), padding(window));
}

dnnl::convolution_backward_data::primitive_desc convolution_data_gradient(
    const dnnl::engine& engine,
    const Desc& dx,
    const Desc& w,
    const Desc& dy,
    const Window& window,
    const dnnl::convolution_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr) {
  return described_after<dnnl::convolution_backward_data>(
      forward, engine, attr, direct, dx, w, dy, strides(window), padding(window), padding(window));
}

dnnl::convolution_backward_weights::primitive_desc convolution_weight_gradient(
    const dnnl::engine& engine,
    const Desc& x,
    const Desc& dw,
    const Desc& dy,
    const Window& window,
    const dnnl::convolution_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr) {
  return described_after<dnnl::convolution_backward_weights>(
      forward, engine, attr, direct, x, dw, dy, strides(window), padding(window), padding(window));
}

dnnl::matmul::primitive_desc matmul(const dnnl::engine& engine,
                                    const Desc& x,
                                    const Desc& w,
                                    const Desc& bias,
                                    const Desc& y,
                                    const dnnl::primitive_attr& attr) {
  if (bias.get_size() == 0) return described<dnnl::matmul>(engine, attr, x, w, y);
  return described<dnnl::matmul>(engine, attr, x, w, bias, y);
}

dnnl::inner_product_forward::primitive_desc inner_product_forward(
    const dnnl::engine& engine, const Desc& x, const Desc& w, const Desc& y, const dnnl::primitive_attr& attr) {
  return described<dnnl::inner_product_forward>(engine, attr, forward_training, x, w, y);
}

dnnl::inner_product_backward_data::primitive_desc inner_product_data_gradient(
    const dnnl::engine& engine,
    const Desc& dx,
    const Desc& w,
    const Desc& dy,
    const dnnl::inner_product_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr) {
  return described_after<dnnl::inner_product_backward_data>(forward, engine, attr, dx, w, dy);
}

dnnl::inner_product_backward_weights::primitive_desc inner_product_weight_gradient(
    const dnnl::engine& engine,
    const Desc& x,
    const Desc& dw,
    const Desc& dy,
    const dnnl::inner_product_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr) {
  return described_after<dnnl::inner_product_backward_weights>(forward, engine, attr, x, dw, dy);
}

dnnl::matmul::primitive_desc matmul(
    const dnnl::engine& engine, const Desc& a, const Desc& b, const Desc& c, const dnnl::primitive_attr& attr) {
  return described<dnnl::matmul>(engine, attr, a, b, c);
}

dnnl::binary::primitive_desc addition(const dnnl::engine& engine, const Desc& one, const dnnl::primitive_attr& attr) {
  return described<dnnl::binary>(engine, attr, add, one, one, one);
}

#if DNNL_VERSION_MAJOR == 2

dnnl::batch_normalization_forward::primitive_desc batch_norm_forward(
    const dnnl::engine& engine, const Desc& x, float epsilon, bool relu, const dnnl::primitive_attr& attr) {
  return described<dnnl::batch_normalization_forward>(engine, attr, forward_training, x, epsilon, flags(relu));
}

dnnl::batch_normalization_backward::primitive_desc batch_norm_backward(
    const dnnl::engine& engine,
    const Desc& x,
    float epsilon,
    bool relu,
    const dnnl::batch_normalization_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr) {
  return described_after<dnnl::batch_normalization_backward>(
      forward, engine, attr, backward, x, x, epsilon, flags(relu));
}

dnnl::pooling_forward::primitive_desc pooling_forward(const dnnl::engine& engine,
                                                      dnnl::algorithm algorithm,
                                                      const Desc& x,
                                                      const Desc& y,
                                                      const Dims& kernel,
                                                      const Window& window,
                                                      const dnnl::primitive_attr& attr) {
  return described<dnnl::pooling_forward>(
      engine, attr, forward_training, algorithm, x, y, strides(window), kernel, padding(window), padding(window));
}

dnnl::pooling_backward::primitive_desc pooling_backward(const dnnl::engine& engine,
                                                        dnnl::algorithm algorithm,
                                                        const Desc& dx,
                                                        const Desc& dy,
                                                        const Dims& kernel,
                                                        const Window& window,
                                                        const dnnl::pooling_forward::primitive_desc& forward,
                                                        const dnnl::primitive_attr& attr) {
  return described_after<dnnl::pooling_backward>(
      forward, engine, attr, algorithm, dx, dy, strides(window), kernel, padding(window), padding(window));
}

void append_relu(dnnl::post_ops& operations) { operations.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0); }

dnnl::eltwise_backward::primitive_desc relu_backward(const dnnl::engine& engine,
                                                     const Desc& one,
                                                     const dnnl::primitive_attr& attr) {
  const auto forward = described<dnnl::eltwise_forward>(engine, attr, forward_training, relu_of_y, one, 0.0F, 0.0F);
  return described_after<dnnl::eltwise_backward>(forward, engine, attr, relu_of_y, one, one, 0.0F, 0.0F);
}

std::optional<int> batch_norm_backward_shift() { return DNNL_ARG_SHIFT; }

dnnl::memory::dims dims(const Desc& desc) { return desc.dims(); }

#else

dnnl::batch_normalization_forward::primitive_desc batch_norm_forward(
    const dnnl::engine& engine, const Desc& x, float epsilon, bool relu, const dnnl::primitive_attr& attr) {
  return described<dnnl::batch_normalization_forward>(engine, attr, forward_training, x, x, epsilon, flags(relu));
}

dnnl::batch_normalization_backward::primitive_desc batch_norm_backward(
    const dnnl::engine& engine,
    const Desc& x,
    float epsilon,
    bool relu,
    const dnnl::batch_normalization_forward::primitive_desc& forward,
    const dnnl::primitive_attr& attr) {
  return described_after<dnnl::batch_normalization_backward>(
      forward, engine, attr, backward, x, x, x, epsilon, flags(relu));
}

dnnl::pooling_forward::primitive_desc pooling_forward(const dnnl::engine& engine,
                                                      dnnl::algorithm algorithm,
                                                      const Desc& x,
                                                      const Desc& y,
                                                      const Dims& kernel,
                                                      const Window& window,
                                                      const dnnl::primitive_attr& attr) {
  const Dims dilation = {0, 0};
  return described<dnnl::pooling_forward>(engine,
                                          attr,
                                          forward_training,
                                          algorithm,
                                          x,
                                          y,
                                          strides(window),
                                          kernel,
                                          dilation,
                                          padding(window),
                                          padding(window));
}

dnnl::pooling_backward::primitive_desc pooling_backward(const dnnl::engine& engine,
                                                        dnnl::algorithm algorithm,
                                                        const Desc& dx,
                                                        const Desc& dy,
                                                        const Dims& kernel,
                                                        const Window& window,
                                                        const dnnl::pooling_forward::primitive_desc& forward,
                                                        const dnnl::primitive_attr& attr) {
  const Dims dilation = {0, 0};
  return described_after<dnnl::pooling_backward>(
      forward, engine, attr, algorithm, dx, dy, strides(window), kernel, dilation, padding(window), padding(window));
}

void append_relu(dnnl::post_ops& operations) { operations.append_eltwise(dnnl::algorithm::eltwise_relu, 0, 0); }

dnnl::eltwise_backward::primitive_desc relu_backward(const dnnl::engine& engine,
                                                     const Desc& one,
                                                     const dnnl::primitive_attr& attr) {
  const auto forward =
      described<dnnl::eltwise_forward>(engine, attr, forward_training, relu_of_y, one, one, 0.0F, 0.0F);
  return described_after<dnnl::eltwise_backward>(forward, engine, attr, relu_of_y, one, one, one, 0.0F, 0.0F);
}

std::optional<int> batch_norm_backward_shift() { return std::nullopt; }

dnnl::memory::dims dims(const Desc& desc) { return desc.get_dims(); }

#endif

std::string effective_isa() {
  const dnnl_cpu_isa_t isa = dnnl::dnnl_get_effective_cpu_isa();
  switch (static_cast<int>(isa)) {
    case dnnl_cpu_isa_sse41: return "sse41";
    case dnnl_cpu_isa_avx: return "avx";
    case dnnl_cpu_isa_avx2: return "avx2";
    case dnnl_cpu_isa_avx2_vnni: return "avx2_vnni";
    case dnnl_cpu_isa_avx512_core: return "avx512_core";
    case dnnl_cpu_isa_avx512_core_vnni: return "avx512_core_vnni";
    case dnnl_cpu_isa_avx512_core_bf16: return "avx512_core_bf16";
    case dnnl_cpu_isa_avx512_core_amx: return "avx512_core_amx";
#if DNNL_VERSION_MAJOR > 2
    case dnnl_cpu_isa_avx2_vnni_2: return "avx2_vnni_2";
    case dnnl_cpu_isa_avx512_core_fp16: return "avx512_core_fp16";
    case dnnl_cpu_isa_avx512_core_amx_fp16: return "avx512_core_amx_fp16";
#endif
    default: return fmt::format("isa {:#x}", static_cast<unsigned>(isa));
  }
}

}  // namespace gpubench::onednn
