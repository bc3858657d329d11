#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

/// The mask of the fused ReLU; empty without one.
Desc mask(const dnnl::primitive_desc& primitive, bool relu) { return relu ? primitive.workspace_desc() : Desc(); }
int mask_argument(bool relu) { return relu ? DNNL_ARG_WORKSPACE : Operand::unused; }

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const BatchNormForward& operation, Given given) {
  const bool relu = operation.relu;
  const Desc x = followed(setting, given[0], operation.shape, operation.type);
  const Desc channel = plain_desc({operation.shape[1]}, Type::f32);
  const auto primitive = gpubench::onednn::batch_norm_forward(
      setting.engine, x, static_cast<float>(operation.epsilon), relu, setting.attr);
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, x}, {DNNL_ARG_SCALE, channel}, {DNNL_ARG_SHIFT, channel}},
                 {{DNNL_ARG_DST, x},
                  {DNNL_ARG_MEAN, channel},
                  {DNNL_ARG_VARIANCE, channel},
                  {mask_argument(relu), mask(primitive, relu)}});
}

std::unique_ptr<Planned> plan(const Setting& setting, const BatchNormBackward& operation, Given given) {
  const bool relu = operation.relu;
  const auto epsilon = static_cast<float>(operation.epsilon);
  const Desc x = followed(setting, given[0], operation.shape, operation.type);
  const Desc y = given[1].layout ? desc_of(given[1]) : x;  // not read: taken as it lies, never reordered
  const Desc channel = plain_desc({operation.shape[1]}, Type::f32);
  const auto forward = gpubench::onednn::batch_norm_forward(setting.engine, x, epsilon, relu, setting.attr);
  const auto primitive = gpubench::onednn::batch_norm_backward(setting.engine, x, epsilon, relu, forward, setting.attr);
  constexpr int dx = 0, dy = 7;
  return planned(setting,
                 operation,
                 primitive,
                 {{DNNL_ARG_SRC, x},
                  {Operand::unused, y},
                  {DNNL_ARG_MEAN, channel},
                  {DNNL_ARG_VARIANCE, channel},
                  {DNNL_ARG_SCALE, channel},
                  {gpubench::onednn::batch_norm_backward_shift().value_or(Operand::unused), channel},
                  {mask_argument(relu), mask(forward, relu)},
                  {DNNL_ARG_DIFF_DST, x}},
                 {{DNNL_ARG_DIFF_SRC, x}, {DNNL_ARG_DIFF_SCALE, channel}, {DNNL_ARG_DIFF_SHIFT, channel}},
                 {{dx, dy}});
}

}  // namespace gpubench::training::onednn
