#pragma once

#include <cstdint>
#include <optional>

#include "harness/devices/cuda/cudnn/tensor.hpp"

// The operations that graphs are made of, as finished descriptors. All arithmetic is FP32; what an operation writes is
// rounded to the type of its output.
namespace gpubench::cudnn {

/// The same padding on all sides, the same stride both ways, no dilation.
struct Window {
  std::int64_t padding = 0, stride = 1;
};
Descriptor convolution_forward(const Window& window, const Tensor& x, const Tensor& w, const Tensor& y);
Descriptor convolution_data_gradient(const Window& window, const Tensor& dy, const Tensor& w, const Tensor& dx);
Descriptor convolution_weight_gradient(const Window& window, const Tensor& x, const Tensor& dy, const Tensor& dw);

/// y = f(x), y = f(x, b); b is spread over the dimensions in which its size is 1.
Descriptor pointwise(Pointwise f, const Tensor& x, const Tensor& y);
Descriptor pointwise(Pointwise f, const Tensor& x, const Tensor& b, const Tensor& y);
/// dx = f(dy, x): of relu_backward dy where x > 0, else 0.
Descriptor pointwise_backward(Pointwise f, const Tensor& dy, const Tensor& x, const Tensor& dx);

/// y = the place along this axis at which an element of x stands, int32.
Descriptor position_along(std::int64_t axis, const Tensor& x, const Tensor& y);
/// y = a >= b, boolean.
Descriptor at_least(const Tensor& a, const Tensor& b, const Tensor& y);
/// y = where ? x : otherwise
Descriptor select(const Tensor& where, const Tensor& x, const Tensor& otherwise, const Tensor& y);
/// The same elements in other dimensions or another order of them.
Descriptor reshape(const Tensor& x, const Tensor& y);

/// Of each channel the sum of x and of its squares over the other dimensions.
Descriptor statistics(const Tensor& x, const Tensor& sum, const Tensor& square_sum);
/// Over the dimensions in which y has size 1.
Descriptor reduction(Reduction by, const Tensor& x, const Tensor& y);

/// c = a b, {batch, rows, columns} or with more dimensions in front.
Descriptor matmul(const Tensor& a, const Tensor& b, const Tensor& c);

/// Training: mean and inverse deviation are written for the backward pass; the running ones only of a batch norm.
struct Normalisation {
  NormMode mode = NormMode::batch;
  Tensor x{}, scale{}, shift{}, epsilon{}, mean{}, inverse_deviation{}, y{};
  struct Running {
    Tensor factor{}, mean{}, variance{}, next_mean{}, next_variance{};
  };
  std::optional<Running> running{};
};
Descriptor normalisation(const Normalisation& operands);

struct NormalisationGradient {
  NormMode mode = NormMode::batch;
  Tensor x{}, dy{}, scale{}, mean{}, inverse_deviation{}, dx{}, dscale{}, dshift{};
};
Descriptor normalisation_gradient(const NormalisationGradient& operands);

}  // namespace gpubench::cudnn
