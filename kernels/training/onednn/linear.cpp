#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

/// y is FP32 in the forward pass; its gradient is stored in `type`, so the hint of the gradients has that.
dnnl::inner_product_forward::primitive_desc forward(const Setting& setting,
                                                    const LinearShape& shape,
                                                    Type type,
                                                    Type type_of_y) {
  return gpubench::onednn::inner_product_forward(setting.engine,
                                                 any_desc(shape.x(), type),
                                                 any_desc(shape.w(), type),
                                                 plain_desc({shape.out}, Type::f32),
                                                 plain_desc(shape.y(), type_of_y),
                                                 setting.attr);
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const LinearForward& operation, Given) {
  const auto primitive = forward(setting, operation.shape, operation.type, Type::f32);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, primitive.src_desc()},
                  {DNNL_ARG_WEIGHTS, primitive.weights_desc()},
                  {DNNL_ARG_BIAS, plain_desc({operation.shape.out}, Type::f32)}},
                 {{DNNL_ARG_DST, primitive.dst_desc()}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const LinearDataGradient& operation, Given) {
  const LinearShape& shape = operation.shape;
  const Type type = operation.type;
  const auto primitive = gpubench::onednn::inner_product_data_gradient(setting.engine,
                                                                       any_desc(shape.x(), type),
                                                                       any_desc(shape.w(), type),
                                                                       any_desc(shape.y(), type),
                                                                       forward(setting, shape, type, type),
                                                                       setting.attr);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_DIFF_DST, primitive.diff_dst_desc()}, {DNNL_ARG_WEIGHTS, primitive.weights_desc()}},
                 {{DNNL_ARG_DIFF_SRC, primitive.diff_src_desc()}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const LinearWeightGradient& operation, Given) {
  const LinearShape& shape = operation.shape;
  const Type type = operation.type;
  const Desc bias = plain_desc({shape.out}, Type::f32);
  const auto primitive = gpubench::onednn::inner_product_weight_gradient(setting.engine,
                                                                         any_desc(shape.x(), type),
                                                                         any_desc(shape.w(), Type::f32),
                                                                         bias,
                                                                         any_desc(shape.y(), type),
                                                                         forward(setting, shape, type, type),
                                                                         setting.attr);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, primitive.src_desc()}, {DNNL_ARG_DIFF_DST, primitive.diff_dst_desc()}},
                 {{DNNL_ARG_DIFF_WEIGHTS, primitive.diff_weights_desc()}, {DNNL_ARG_DIFF_BIAS, bias}});
}

}  // namespace gpubench::training::onednn
