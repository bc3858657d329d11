#include "kernels/training/host/number.hpp"

// Compiled with -ffast-math, which lets the compiler take the vector forms of logarithm and cosine. They err by 4 units
// in the last place of a double at most, so that one FP32 number in tens of millions is its neighbour instead.

namespace gpubench::training::host::GPUBENCH_VECTORS {

void normal(std::int64_t count, const Random& random, double mean, double deviation, float* values) {
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < count; ++i)
    values[i] = static_cast<float>(mean + deviation * random.normal(static_cast<std::uint64_t>(i)));
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
