#pragma once

#include <memory>

#include "harness/kernel.hpp"
#include "kernels/conv/conv.hpp"
#include "kernels/training/layers.hpp"

namespace gpubench {

/// One pass of a convolution by the layers of a device, as a training step would run it. Sets of operands take turns
/// over twice `cache_bytes`; results are spoilt before the timed window and checked after it, at least 256 elements of
/// them recomputed in double. @throws Unsupported
std::unique_ptr<Kernel> make_conv_kernel(const Conv& conv,
                                         std::unique_ptr<training::Layers> layers,
                                         double cache_bytes,
                                         bool narrow_gradient = false);

}  // namespace gpubench
