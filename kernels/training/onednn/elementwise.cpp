#include "kernels/training/onednn/plans.hpp"

namespace gpubench::training::onednn {
namespace {

/// In place, oneDNN 2.6.3 adds twice in the last block of channels where that is padded and a ReLU follows
/// (jit:uni, 21 channels in blocks of 16).
std::vector<Planned::InPlace> over_first(const Desc& one, Type type) {
  const std::size_t element = type == Type::f32 ? 4 : 2;
  const bool padded = one.get_size() != element * static_cast<std::size_t>(elements(gpubench::onednn::dims(one)));
  return padded ? std::vector<Planned::InPlace>{} : std::vector<Planned::InPlace>{{.output = 0, .input = 0}};
}

std::unique_ptr<Planned> sum(
    const Setting& setting, const Operation& operation, Type type, const Desc& one, const dnnl::primitive_attr& attr) {
  return planned(setting,
                 operation,
                 gpubench::onednn::addition(setting.engine, one, attr),
                 {{DNNL_ARG_SRC_0, one}, {DNNL_ARG_SRC_1, one}},
                 {{DNNL_ARG_DST, one}},
                 over_first(one, type));
}

/// Sums of anything but images (a parameter's gradient) have no preferred layout: they lie as given, or plain.
Desc followed_or_plain(const Setting& setting, const TensorDesc& given, const Shape& shape, Type type) {
  if (given.layout || shape.size() == 4) return followed(setting, given, shape, type);
  return plain_desc(shape, type);
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const AddReluForward& operation, Given given) {
  dnnl::post_ops relu;
  gpubench::onednn::append_relu(relu);
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  attr.set_post_ops(relu);
  return sum(
      setting, operation, operation.type, followed_or_plain(setting, given[0], operation.shape, operation.type), attr);
}

std::unique_ptr<Planned> plan(const Setting& setting, const Accumulate& operation, Given given) {
  return sum(setting,
             operation,
             operation.type,
             followed_or_plain(setting, given[0], operation.shape, operation.type),
             setting.attr);
}

std::unique_ptr<Planned> plan(const Setting& setting, const ReluBackward& operation, Given given) {
  const Desc one = followed_or_plain(setting, given[0], operation.shape, operation.type);
  return planned(setting,
                 operation,
                 gpubench::onednn::relu_backward(setting.engine, one, setting.attr),
                 {{DNNL_ARG_DST, one}, {DNNL_ARG_DIFF_DST, one}},
                 {{DNNL_ARG_DIFF_SRC, one}},
                 {{.output = 0, .input = 1}});
}

}  // namespace gpubench::training::onednn
