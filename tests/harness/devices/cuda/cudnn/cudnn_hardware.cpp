#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/devices/cuda/cudnn/cudnn.hpp"
#include "kernels/conv/cudnn.hpp"
#include "kernels/training/cuda/graphs.hpp"
#include "tests/kernels/silent.hpp"

// What plans without a GPU and a cuDNN that is made up take on trust: the real one on a real GPU.

namespace gpubench::cudnn {
namespace {

using Fusion = training::FusedConvolution::Fusion;

class HardwareCudnn : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto missing = cuda::cudnn_library().missing()) GTEST_SKIP() << *missing;
  }
  cuda::CudaDevice device_{cuda::properties(1, std::getenv("CUDA_VISIBLE_DEVICES")).front(), {}};
};

/// Some layers of ResNet-50, small and large, with and without a stride.
std::vector<Conv> convolutions(std::int64_t batch) {
  const training::ConvolutionShape shapes[] = {
      {batch, 64, 56, 56, 64, 3, 1, 1}, {batch, 256, 28, 28, 512, 1, 2, 0}, {batch, 512, 7, 7, 512, 3, 1, 1}};
  std::vector<Conv> all;
  for (const auto& shape : shapes)
    for (const Precision format : {Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16}) {
      for (const Direction direction : all_directions)
        all.push_back({.shape = shape, .direction = direction, .format = format});
      if (format != Precision::fp16 && format != Precision::bf16) continue;
      for (const Fusion fusion :
           {Fusion::statistics, Fusion::normalised_statistics, Fusion::bias_relu, Fusion::relu_gradient})
        all.push_back({.shape = shape,
                       .direction = fusion == Fusion::relu_gradient ? Direction::dgrad : Direction::fprop,
                       .format = format,
                       .fusion = fusion});
    }
  return all;
}

TEST_F(HardwareCudnn, EveryDirectionPrecisionAndFusionIsRight) {
  Silent silent;
  for (const Conv& conv : convolutions(2)) {
    SCOPED_TRACE(conv.name());
    if (const auto why = cudnn_why_not(conv, device_)) continue;
    const auto kernel = cudnn_conv_kernel(conv, device_);
    kernel->allocate(silent);
    const Verification found = kernel->verify(false, silent);
    EXPECT_FALSE(found.mismatch) << *found.mismatch << "; " << kernel->plan().at("convolution");
    device_.place().time(*kernel, 5, 2);
    EXPECT_FALSE(kernel->verify(true, silent).mismatch);
  }
}

TEST_F(HardwareCudnn, PlansForADescriptionAreThoseForTheDevice) {
  if (cudnnGetVersion() < 90800) GTEST_SKIP() << "cuDNN " << version() << " has no description of devices";
  const Target here(handle_of(device_.properties().ordinal)), described = Target::described(here.json());
  for (const Conv& conv : convolutions(16)) {
    SCOPED_TRACE(conv.name());
    if (const auto why = cudnn_why_not(conv, device_)) continue;
    const training::Operation operation = conv.operation();
    const auto plan = [&](const Target& target) {
      return training::planned_by_cudnn(target,
                                        training::graph_of(operation),
                                        operation,
                                        conv.format == Precision::tf32 ? Precision::tf32 : Precision::fp32)
          .texts();
    };
    EXPECT_EQ(plan(here), plan(described));
  }
}

}  // namespace
}  // namespace gpubench::cudnn
