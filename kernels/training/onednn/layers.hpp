#pragma once

#include "kernels/training/layers.hpp"
#include "kernels/training/onednn/planned.hpp"

namespace gpubench::training {

/// Training on the host CPU by oneDNN, with loops of our own where it has nothing. Everything is done when the call
/// returns. OpenMP's number of threads must be set before: plans and primitives depend on it.
class OneDnnLayers : public Layers {
 public:
  OneDnnLayers();  ///< @throws Unsupported where there is no oneDNN

  std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) override;
  TensorDesc plain(const Shape& shape, Type type) override;
  std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  void upload(std::span<const float> values, const TensorDesc& desc, void* to) override;
  void download(const TensorDesc& desc, const void* from, std::span<float> values) override;
  void fill(const TensorDesc& desc, void* to, const Random& random, double mean, double deviation) override;
  double scalar(const TensorDesc& desc, const void* from) override;
  void clear(void* to, std::size_t bytes) override;
  void wait() override;

 private:
  void reorder(const TensorDesc& have, void* from, const TensorDesc& want, void* to);

  onednn::Setting setting_;
};

}  // namespace gpubench::training
