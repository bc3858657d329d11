#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

/// oneDNN reorders tensors of equal dimensions: {n, c} becomes {n, c, 1, 1} where the other side is that.
Desc with_ones(const Desc& desc, std::size_t dimensions) {
  dnnl::memory::dims dims = gpubench::onednn::dims(desc);
  if (dims.size() >= dimensions) return desc;
  dims.resize(dimensions, 1);
  return desc.reshape(dims);
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const Reorder& operation, Given given) {
  const Desc& from = desc_of(given[0].layout ? given[0] : operation.from);
  const Desc& to = desc_of(operation.to);
  const std::size_t dimensions = std::max(gpubench::onednn::dims(from).size(), gpubench::onednn::dims(to).size());
  const dnnl::reorder::primitive_desc primitive(
      setting.engine, with_ones(from, dimensions), setting.engine, with_ones(to, dimensions), setting.attr);
  auto plan = planned(setting,
                      operation,
                      primitive,
                      {{DNNL_ARG_FROM, with_ones(from, dimensions)}},
                      {{DNNL_ARG_TO, with_ones(to, dimensions)}});
  // What the caller has and wants, not how oneDNN was told.
  plan->inputs[0] = tensor_of(operation.from, from);
  plan->outputs[0] = tensor_of(operation.to, to);
  return plan;
}

}  // namespace gpubench::training::onednn
