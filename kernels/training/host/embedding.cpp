#include <algorithm>
#include <cstring>

#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {
namespace {

template <class T>
void forward(const EmbeddingShape& s, const Addresses& at) {
  const auto* const tokens = in<std::int32_t>(at, 0);
  const float *const table = in<float>(at, 1), *const positions = in<float>(at, 2);
  T* const y = out<T>(at, 0);
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < s.rows(); ++r) {
    const float* const token = table + tokens[r] * s.width;
    const float* const position = positions + r % s.sequence * s.width;
    T* const to = y + r * s.width;
#pragma omp simd
    for (std::int64_t c = 0; c < s.width; ++c) store(to + c, token[c] + position[c]);
  }
}

/// Two rows may have the same token, so threads share columns, not rows.
template <class T>
void backward(const EmbeddingShape& s, const Addresses& at) {
  const auto* const tokens = in<std::int32_t>(at, 0);
  const T* const dy = in<T>(at, 1);
  float *const dtable = out<float>(at, 0), *const dpositions = out<float>(at, 1);
  if (at.inputs[2] != at.outputs[0])
    std::memcpy(dtable, at.inputs[2], sizeof(float) * static_cast<std::size_t>(s.vocabulary * s.width));
  std::memset(dpositions, 0, sizeof(float) * static_cast<std::size_t>(s.positions * s.width));
#pragma omp parallel for schedule(static)
  for (std::int64_t first = 0; first < s.width; first += columns_of_a_task) {
    const std::int64_t columns = std::min(columns_of_a_task, s.width - first);
    for (std::int64_t r = 0; r < s.rows(); ++r) {
      const T* const from = dy + r * s.width + first;
      float* const token = dtable + tokens[r] * s.width + first;
      float* const position = dpositions + r % s.sequence * s.width + first;
#pragma omp simd
      for (std::int64_t c = 0; c < columns; ++c) {
        token[c] += load(from + c);
        position[c] += load(from + c);
      }
    }
  }
}

template <class T>
void sum_rows(const LinearShape& s, const T* dy, float* dbias) {
#pragma omp parallel for schedule(static)
  for (std::int64_t first = 0; first < s.out; first += columns_of_a_task) {
    const std::int64_t columns = std::min(columns_of_a_task, s.out - first);
    float sums[columns_of_a_task] = {};
    for (std::int64_t r = 0; r < s.rows; ++r) {
      const T* const from = dy + r * s.out + first;
#pragma omp simd
      for (std::int64_t c = 0; c < columns; ++c) sums[c] += load(from + c);
    }
    for (std::int64_t c = 0; c < columns; ++c) dbias[first + c] = sums[c];
  }
}

}  // namespace

void run(const EmbeddingForward& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { forward<T>(o.shape, at); });
}
void run(const EmbeddingBackward& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { backward<T>(o.shape, at); });
}
void bias_gradient(const LinearShape& shape, Type type, const void* dy, float* dbias) {
  with_type(type, [&]<class T>(T*) { sum_rows<T>(shape, static_cast<const T*>(dy), dbias); });
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
