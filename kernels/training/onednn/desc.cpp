#include "kernels/training/onednn/desc.hpp"

#include "harness/core/error.hpp"

namespace gpubench::training::onednn {

bool OneDnnLayout::same(const Layout& other) const {
  const auto* layout = dynamic_cast<const OneDnnLayout*>(&other);
  return layout && layout->desc_ == desc_;
}

dnnl::memory::data_type data_type(Type type) {
  using Data = dnnl::memory::data_type;
  switch (type) {
    case Type::f32: return Data::f32;
    case Type::bf16: return Data::bf16;
    case Type::f16: return Data::f16;
    case Type::i32: return Data::s32;
    case Type::opaque: break;
  }
  throw Error("an opaque tensor has no data type");
}

Desc plain_desc(const Shape& shape, Type type) {
  dnnl::memory::dims strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return {shape, data_type(type), strides};
}

Desc any_desc(const Shape& shape, Type type) { return {shape, data_type(type), dnnl::memory::format_tag::any}; }

const Desc& desc_of(const TensorDesc& tensor) {
  const auto* layout = dynamic_cast<const OneDnnLayout*>(tensor.layout.get());
  if (!layout) throw Error("a tensor without a layout of oneDNN");
  return layout->desc();
}

TensorDesc tensor_of(const TensorDesc& like, const Desc& desc) {
  TensorDesc tensor = like;
  tensor.bytes = desc.get_size();
  tensor.layout = std::make_shared<OneDnnLayout>(desc);
  return tensor;
}

}  // namespace gpubench::training::onednn
