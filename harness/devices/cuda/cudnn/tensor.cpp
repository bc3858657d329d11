#include "harness/devices/cuda/cudnn/tensor.hpp"

namespace gpubench::cudnn {
namespace {

constexpr std::int64_t alignment = 16;  // bytes: the longest access there is; ours are aligned to 64

}  // namespace

Descriptor Tensor::described() const {
  Descriptor tensor(DescriptorType::tensor, "tensor");
  tensor.set(Attribute::tensor_id, id)
      .set(Attribute::tensor_type, type)
      .set(Attribute::tensor_alignment, alignment)
      .set(Attribute::tensor_dimensions, dimensions)
      .set(Attribute::tensor_strides, strides);
  if (place == Place::virtual_one) tensor.set(Attribute::tensor_is_virtual, true);
  if (place == Place::by_value) tensor.set(Attribute::tensor_is_by_value, true);
  return tensor.finalize();
}

std::vector<std::int64_t> channels_last(const std::vector<std::int64_t>& dimensions) {
  const std::int64_t c = dimensions.at(1), h = dimensions.at(2), w = dimensions.at(3);
  return {h * w * c, 1, w * c, c};
}

std::vector<std::int64_t> row_major(const std::vector<std::int64_t>& dimensions) {
  std::vector<std::int64_t> strides(dimensions.size());
  std::int64_t below = 1;
  for (std::size_t i = dimensions.size(); i-- > 0; below *= dimensions[i]) strides[i] = below;
  return strides;
}

}  // namespace gpubench::cudnn
