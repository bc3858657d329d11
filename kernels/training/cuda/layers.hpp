#pragma once

#include "harness/devices/cuda/cuda_device.hpp"
#include "kernels/training/cuda/graphs.hpp"
#include "kernels/training/layers.hpp"

namespace gpubench::training {

/// Training on a GPU: convolutions by cuDNN. Everything is enqueued on the device's stream; uploads and downloads wait.
class CudaLayers : public Layers {
 public:
  /// @param fp32 what FP32 matrix work multiplies in: fp32, or tf32 @throws Unsupported where there is no cuDNN
  explicit CudaLayers(cuda::CudaDevice& device, Precision fp32 = Precision::fp32);

  std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) override;
  TensorDesc plain(const Shape& shape, Type type) override;
  std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  void upload(std::span<const float> values, const TensorDesc& desc, void* to) override;
  void download(const TensorDesc& desc, const void* from, std::span<float> values) override;
  double scalar(const TensorDesc& desc, const void* from) override;
  void clear(void* to, std::size_t bytes) override;
  std::function<void()> recorded(const std::function<void()>& enqueue) override;
  void wait() override;

 private:
  cuda::CudaDevice& device_;
  Precision fp32_;
  cuda::Stream stream_;
  cudnn::Target target_;
};

}  // namespace gpubench::training
