#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

constexpr auto maximum = dnnl::algorithm::pooling_max;
constexpr auto average = dnnl::algorithm::pooling_avg_exclude_padding;

dnnl::pooling_forward::primitive_desc max_forward(const Setting& setting, const MaxPoolForward& pool, const Desc& x) {
  const PoolShape& shape = pool.shape;
  return gpubench::onednn::pooling_forward(setting.engine,
                                           maximum,
                                           x,
                                           any_desc(shape.y(), pool.type),
                                           {shape.kernel, shape.kernel},
                                           {shape.kernel, shape.stride, shape.padding},
                                           setting.attr);
}

/// One window over the whole image. oneDNN sees y as {n, c, 1, 1}.
dnnl::pooling_forward::primitive_desc global_forward(const Setting& setting,
                                                     const Shape& shape,
                                                     Type type,
                                                     const Desc& x) {
  return gpubench::onednn::pooling_forward(setting.engine,
                                           average,
                                           x,
                                           any_desc({shape[0], shape[1], 1, 1}, type),
                                           {shape[2], shape[3]},
                                           {.stride = 1},
                                           setting.attr);
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const MaxPoolForward& operation, Given given) {
  const Desc x = followed(setting, given[0], operation.shape.x(), operation.type);
  const auto primitive = max_forward(setting, operation, x);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, x}},
                 {{DNNL_ARG_DST, primitive.dst_desc()}, {DNNL_ARG_WORKSPACE, primitive.workspace_desc()}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const MaxPoolBackward& operation, Given given) {
  const PoolShape& shape = operation.shape;
  const Desc x = followed(setting, given[0], shape.x(), operation.type);
  const auto forward = max_forward(setting, {.shape = shape, .type = operation.type}, x);
  const Desc dy = forward.dst_desc();
  const auto primitive = gpubench::onednn::pooling_backward(setting.engine,
                                                            maximum,
                                                            x,
                                                            dy,
                                                            {shape.kernel, shape.kernel},
                                                            {shape.kernel, shape.stride, shape.padding},
                                                            forward,
                                                            setting.attr);
  return planned(setting,
                 operation,
                 primitive,
                 {{Operand::unused, x}, {DNNL_ARG_WORKSPACE, forward.workspace_desc()}, {DNNL_ARG_DIFF_DST, dy}},
                 {{DNNL_ARG_DIFF_SRC, x}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const AveragePoolForward& operation, Given given) {
  const Desc x = followed(setting, given[0], operation.shape, operation.type);
  const auto primitive = global_forward(setting, operation.shape, operation.type, x);
  return planned(setting, operation, primitive, {{DNNL_ARG_SRC, x}}, {{DNNL_ARG_DST, primitive.dst_desc()}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const AveragePoolBackward& operation, Given) {
  const Shape& shape = operation.shape;
  const Desc dx = preferred_image(setting, shape, operation.type);
  const auto forward = global_forward(setting, shape, operation.type, dx);
  const Desc dy = forward.dst_desc();
  const auto primitive = gpubench::onednn::pooling_backward(
      setting.engine, average, dx, dy, {shape[2], shape[3]}, {.stride = 1}, forward, setting.attr);
  return planned(setting, operation, primitive, {{DNNL_ARG_DIFF_DST, dy}}, {{DNNL_ARG_DIFF_SRC, dx}});
}

}  // namespace gpubench::training::onednn
