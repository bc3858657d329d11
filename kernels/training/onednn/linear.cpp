#include "harness/core/error.hpp"
#include "kernels/training/host/loops.hpp"
#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

Desc strided(std::int64_t rows, std::int64_t columns, Type type, bool transposed) {
  const dnnl::memory::dims strides = transposed ? dnnl::memory::dims{1, rows} : dnnl::memory::dims{columns, 1};
  return {{rows, columns}, data_type(type), strides};
}

/// Weights lie plain, so that the FP32 masters serve every pass as they are and no step copies them. The smaller
/// dimension is contiguous: FP32 gradients of a layer from 3072 to 768 numbers take twice as long with rows
/// of 3072 (oneDNN 2.6.3 and 3.2, 512 rows, Xeon with AVX-512).
bool lies_transposed(const LinearShape& shape) { return shape.in > shape.out; }
Desc weights(const LinearShape& shape, Type type) { return strided(shape.out, shape.in, type, lies_transposed(shape)); }
Desc weights_transposed(const LinearShape& shape, Type type) {
  return strided(shape.in, shape.out, type, !lies_transposed(shape));
}

// FP32 gradients go through the inner product, whose kernel has no slow shapes; with AMX the matrix product is faster.

dnnl::inner_product_forward::primitive_desc inner_product(const Setting& setting, const LinearShape& shape) {
  return gpubench::onednn::inner_product_forward(setting.engine,
                                                 plain_desc(shape.x(), Type::f32),
                                                 weights(shape, Type::f32),
                                                 plain_desc(shape.y(), Type::f32),
                                                 setting.attr);
}

std::unique_ptr<Planned> fp32_data_gradient(const Setting& setting, const LinearDataGradient& operation) {
  const LinearShape& shape = operation.shape;
  const Desc dx = plain_desc(shape.x(), Type::f32), w = weights(shape, Type::f32);
  const Desc dy = plain_desc(shape.y(), Type::f32);
  return planned(setting,
                 operation,
                 gpubench::onednn::inner_product_data_gradient(
                     setting.engine, dx, w, dy, inner_product(setting, shape), setting.attr),
                 {{DNNL_ARG_DIFF_DST, dy}, {DNNL_ARG_WEIGHTS, w}},
                 {{DNNL_ARG_DIFF_SRC, dx}});
}

std::unique_ptr<Planned> fp32_weight_gradient(const Setting& setting, const LinearWeightGradient& operation) {
  const LinearShape& shape = operation.shape;
  const Desc x = plain_desc(shape.x(), Type::f32), dw = weights(shape, Type::f32);
  const Desc dy = plain_desc(shape.y(), Type::f32);
  std::vector<Operand> outputs = {{DNNL_ARG_DIFF_WEIGHTS, dw}};
  if (shape.bias) outputs.push_back({Operand::unused, plain_desc({shape.out}, Type::f32)});
  return planned(setting,
                 operation,
                 gpubench::onednn::inner_product_weight_gradient(
                     setting.engine, x, dw, dy, inner_product(setting, shape), setting.attr),
                 {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, dy}},
                 outputs);
}

/// The plan with the weights told as the operation knows them, {out, in}, not as the product reads them.
std::unique_ptr<Planned> with_weights(std::unique_ptr<Planned> plan,
                                      TensorDesc& tensor,
                                      const LinearShape& shape,
                                      Type type) {
  tensor = tensor_of({.shape = shape.w(), .type = type}, weights(shape, type));
  return plan;
}

std::unique_ptr<Planned> product_data_gradient(const Setting& setting, const LinearDataGradient& operation) {
  const LinearShape& shape = operation.shape;
  const Type type = operation.type;
  const Desc dy = plain_desc(shape.y(), type), w = weights(shape, type), dx = plain_desc(shape.x(), type);
  auto plan = planned(setting,
                      operation,
                      gpubench::onednn::matmul(setting.engine, dy, w, Desc(), dx, setting.attr),
                      {{DNNL_ARG_SRC, dy}, {DNNL_ARG_WEIGHTS, w}},
                      {{DNNL_ARG_DST, dx}});
  TensorDesc& told = plan->inputs[1];
  return with_weights(std::move(plan), told, shape, type);
}

std::unique_ptr<Planned> product_weight_gradient(const Setting& setting, const LinearWeightGradient& operation) {
  const LinearShape& shape = operation.shape;
  const Type type = operation.type;
  const Desc x = plain_desc(shape.x(), type), dy = plain_desc(shape.y(), type);
  // dw = dy^T x, or its transpose x^T dy, whichever is written row by row.
  const bool transposed = lies_transposed(shape);
  const Desc left = transposed ? strided(shape.in, shape.rows, type, true) : strided(shape.out, shape.rows, type, true);
  const Desc dw = transposed ? weights_transposed(shape, Type::f32) : weights(shape, Type::f32);
  const int x_argument = transposed ? DNNL_ARG_SRC : DNNL_ARG_WEIGHTS;
  const int dy_argument = transposed ? DNNL_ARG_WEIGHTS : DNNL_ARG_SRC;
  std::vector<Operand> outputs = {{DNNL_ARG_DST, dw}};
  if (shape.bias) outputs.push_back({Operand::unused, plain_desc({shape.out}, Type::f32)});
  auto plan = planned(setting,
                      operation,
                      gpubench::onednn::matmul(setting.engine, left, transposed ? dy : x, Desc(), dw, setting.attr),
                      {{x_argument, transposed ? left : x}, {dy_argument, transposed ? dy : left}},
                      outputs);
  plan->inputs[0] = tensor_of({.shape = shape.x(), .type = type}, x);
  plan->inputs[1] = tensor_of({.shape = shape.y(), .type = type}, dy);
  TensorDesc& told = plan->outputs[0];
  return with_weights(std::move(plan), told, shape, Type::f32);
}

/// The first plan; the second where this processor has only a reference implementation of it, or none.
template <class Plan, class Gradient>
std::unique_ptr<Planned> first_of(Plan first, Plan second, const Setting& setting, const Gradient& operation) {
  try {
    return first(setting, operation);
  } catch (const Unsupported&) {
    return second(setting, operation);
  } catch (const dnnl::error& error) {
    if (error.status != dnnl_unimplemented) throw;
    return second(setting, operation);
  }
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const LinearForward& operation, Given) {
  const LinearShape& shape = operation.shape;
  const Type type = operation.type;
  const Desc x = plain_desc(shape.x(), type), w = weights_transposed(shape, type);
  const Desc y = plain_desc(shape.y(), operation.type_of_y);
  const Desc row = shape.bias ? plain_desc({1, shape.out}, Type::f32) : Desc();
  std::vector<Operand> inputs = {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, w}};
  if (shape.bias) inputs.push_back({DNNL_ARG_BIAS, row});
  auto plan = planned(setting,
                      operation,
                      gpubench::onednn::matmul(setting.engine, x, w, row, y, setting.attr),
                      inputs,
                      {{DNNL_ARG_DST, y}});
  if (shape.bias)
    plan->inputs[2] = tensor_of({.shape = {shape.out}, .type = Type::f32}, plain_desc({shape.out}, Type::f32));
  TensorDesc& told = plan->inputs[1];
  return with_weights(std::move(plan), told, shape, type);
}

std::unique_ptr<Planned> plan(const Setting& setting, const LinearDataGradient& operation, Given) {
  return operation.type == Type::f32 ? first_of(fp32_data_gradient, product_data_gradient, setting, operation)
                                     : product_data_gradient(setting, operation);
}

std::unique_ptr<Planned> plan(const Setting& setting, const LinearWeightGradient& operation, Given) {
  const LinearShape& shape = operation.shape;
  const Type type = operation.type;
  auto plan = type == Type::f32 ? first_of(fp32_weight_gradient, product_weight_gradient, setting, operation)
                                : product_weight_gradient(setting, operation);
  if (!shape.bias) return plan;
  return followed_by(std::move(plan), [shape, type](auto inputs, auto outputs) {
    return [shape, type, from = inputs[1], to = static_cast<float*>(outputs[1])] {
      GPUBENCH_HOST_RUN(bias_gradient, shape, type, from, to);
    };
  });
}

}  // namespace gpubench::training::onednn
