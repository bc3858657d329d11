#pragma once

#include "harness/devices/cpu/onednn_api.hpp"
#include "kernels/training/tensor.hpp"

namespace gpubench::training::onednn {

using gpubench::onednn::Desc;

/// A layout is oneDNN's own description. It may have more dimensions than the shape: ones at the end.
class OneDnnLayout : public Layout {
 public:
  explicit OneDnnLayout(const Desc& desc) : desc_(desc) {}
  const Desc& desc() const { return desc_; }
  bool same(const Layout& other) const override;

 private:
  Desc desc_;
};

dnnl::memory::data_type data_type(Type type);  ///< @pre not opaque
Desc plain_desc(const Shape& shape, Type type);
/// Whatever layout the primitive likes best.
Desc any_desc(const Shape& shape, Type type);
/// @pre tensor has a layout
const Desc& desc_of(const TensorDesc& tensor);
/// `like` with the layout of `desc`.
TensorDesc tensor_of(const TensorDesc& like, const Desc& desc);

}  // namespace gpubench::training::onednn
