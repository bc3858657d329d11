#include "kernels/training/layers.hpp"

namespace gpubench::training {

void Layers::fill(const TensorDesc& desc, void* to, const Random& random, double mean, double deviation) {
  std::vector<float> values(static_cast<std::size_t>(elements(desc.shape)), static_cast<float>(mean));
  if (deviation > 0)
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(mean + deviation * random.normal(i));
  upload(values, desc, to);
}

}  // namespace gpubench::training
