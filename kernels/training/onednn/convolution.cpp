#include "harness/core/error.hpp"
#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

gpubench::onednn::Window window(const ConvolutionShape& shape) { return {shape.kernel, shape.stride, shape.padding}; }

/// Plain weights and images cost up to three times as much: the library chooses every layout, the engine reorders.
dnnl::convolution_forward::primitive_desc forward(const Setting& setting, const ConvolutionShape& shape, Type type) {
  return gpubench::onednn::convolution_forward(setting.engine,
                                               any_desc(shape.x(), type),
                                               any_desc(shape.w(), type),
                                               any_desc(shape.y(), type),
                                               window(shape),
                                               setting.attr);
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const ConvolutionForward& operation, Given) {
  const auto primitive = forward(setting, operation.shape, operation.type);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, primitive.src_desc()}, {DNNL_ARG_WEIGHTS, primitive.weights_desc()}},
                 {{DNNL_ARG_DST, primitive.dst_desc()}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const ConvolutionDataGradient& operation, Given) {
  const ConvolutionShape& shape = operation.shape;
  const auto primitive = gpubench::onednn::convolution_data_gradient(setting.engine,
                                                                     any_desc(shape.x(), operation.type),
                                                                     any_desc(shape.w(), operation.type),
                                                                     any_desc(shape.y(), operation.type),
                                                                     window(shape),
                                                                     forward(setting, shape, operation.type),
                                                                     setting.attr);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_DIFF_DST, primitive.diff_dst_desc()}, {DNNL_ARG_WEIGHTS, primitive.weights_desc()}},
                 {{DNNL_ARG_DIFF_SRC, primitive.diff_src_desc()}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const ConvolutionWeightGradient& operation, Given) {
  const ConvolutionShape& shape = operation.shape;
  const auto primitive = gpubench::onednn::convolution_weight_gradient(setting.engine,
                                                                       any_desc(shape.x(), operation.type),
                                                                       any_desc(shape.w(), operation.type_of_dw),
                                                                       any_desc(shape.y(), operation.type),
                                                                       window(shape),
                                                                       forward(setting, shape, operation.type),
                                                                       setting.attr);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, primitive.src_desc()}, {DNNL_ARG_DIFF_DST, primitive.diff_dst_desc()}},
                 {{DNNL_ARG_DIFF_WEIGHTS, primitive.diff_weights_desc()}});
}

std::unique_ptr<Planned> plan(const Setting&, const FusedConvolution&, Given) {
  throw Unsupported("convolutions that are fused with batch norm, bias or ReLU are run on a GPU only");
}

Desc preferred_image(const Setting& setting, const Shape& shape, Type type) {
  const ConvolutionShape pointwise{
      .batch = shape[0], .in_channels = shape[1], .height = shape[2], .width = shape[3], .out_channels = shape[1]};
  return forward(setting, pointwise, type).dst_desc();
}

Desc followed(const Setting& setting, const TensorDesc& given, const Shape& shape, Type type) {
  return given.layout ? desc_of(given) : preferred_image(setting, shape, type);
}

}  // namespace gpubench::training::onednn
