#include <algorithm>

#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {
namespace {

template <class T>
void forward(const LayerNormForward& o, const Addresses& at) {
  const T* const x = in<T>(at, 0);
  const float *const scale = in<float>(at, 1), *const shift = in<float>(at, 2);
  T* const y = out<T>(at, 0);
  float *const means = out<float>(at, 1), *const variances = out<float>(at, 2);
  const std::int64_t width = o.width;
  const auto epsilon = static_cast<float>(o.epsilon), share = 1 / static_cast<float>(width);
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < o.rows; ++r) {
    const T* const from = x + r * width;
    T* const to = y + r * width;
    float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t c = 0; c < width; ++c) sum += load(from + c);
    const float mean = sum * share;
#pragma omp simd reduction(+ : squares)
    for (std::int64_t c = 0; c < width; ++c) {
      const float deviation = load(from + c) - mean;
      squares += deviation * deviation;
    }
    const float variance = squares * share, inverse = 1 / std::sqrt(variance + epsilon);
#pragma omp simd
    for (std::int64_t c = 0; c < width; ++c) store(to + c, (load(from + c) - mean) * inverse * scale[c] + shift[c]);
    means[r] = mean;
    variances[r] = variance;
  }
}

template <class T>
void backward(const LayerNormBackward& o, const Addresses& at) {
  const T *const x = in<T>(at, 0), *const dy = in<T>(at, 4);
  const float *const means = in<float>(at, 1), *const variances = in<float>(at, 2), *const scale = in<float>(at, 3);
  T* const dx = out<T>(at, 0);
  float *const dscale = out<float>(at, 1), *const dshift = out<float>(at, 2);
  const std::int64_t width = o.width;
  const auto epsilon = static_cast<float>(o.epsilon), share = 1 / static_cast<float>(width);
#pragma omp parallel
  {
    // dx may lie where dy was: the sums over rows come first.
#pragma omp for schedule(static)
    for (std::int64_t first = 0; first < width; first += columns_of_a_task) {
      const std::int64_t columns = std::min(columns_of_a_task, width - first);
      float products[columns_of_a_task] = {}, sums[columns_of_a_task] = {};
      for (std::int64_t r = 0; r < o.rows; ++r) {
        const float mean = means[r], inverse = 1 / std::sqrt(variances[r] + epsilon);
        const T *const xs = x + r * width + first, *const dys = dy + r * width + first;
#pragma omp simd
        for (std::int64_t c = 0; c < columns; ++c) {
          products[c] += load(dys + c) * ((load(xs + c) - mean) * inverse);
          sums[c] += load(dys + c);
        }
      }
      for (std::int64_t c = 0; c < columns; ++c) {
        dscale[first + c] = products[c];
        dshift[first + c] = sums[c];
      }
    }
#pragma omp for schedule(static)
    for (std::int64_t r = 0; r < o.rows; ++r) {
      const float mean = means[r], inverse = 1 / std::sqrt(variances[r] + epsilon);
      const T *const xs = x + r * width, *const dys = dy + r * width;
      float sum = 0, product = 0;
#pragma omp simd reduction(+ : sum, product)
      for (std::int64_t c = 0; c < width; ++c) {
        const float g = load(dys + c) * scale[c];
        sum += g;
        product += g * ((load(xs + c) - mean) * inverse);
      }
      T* const to = dx + r * width;
#pragma omp simd
      for (std::int64_t c = 0; c < width; ++c) {
        const float h = (load(xs + c) - mean) * inverse;
        store(to + c, inverse * (load(dys + c) * scale[c] - sum * share - h * (product * share)));
      }
    }
  }
}

}  // namespace

void run(const LayerNormForward& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { forward<T>(o, at); });
}
void run(const LayerNormBackward& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { backward<T>(o, at); });
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
