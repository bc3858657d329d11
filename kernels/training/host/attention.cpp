#include <cstring>

#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {
namespace {

/// Rows and heads apart differ in where each head's stretch of a row stands.
struct Stretch {
  std::size_t in_rows, apart, bytes;
};
template <class Copy>
void each_stretch(const Heads& h, const Copy& copy) {
  const AttentionShape& s = h.shape;
  const std::int64_t size = h.type == Type::f32 ? 4 : 2;
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < s.rows(); ++r)
    for (std::int64_t head = 0; head < s.heads; ++head) {
      const std::int64_t row_apart = (r / s.sequence * s.heads + head) * s.sequence + r % s.sequence;
      copy(Stretch{.in_rows = static_cast<std::size_t>(size * (r * h.row_width + h.offset + head * s.head_size)),
                   .apart = static_cast<std::size_t>(size * row_apart * s.head_size),
                   .bytes = static_cast<std::size_t>(size * s.head_size)});
    }
}

template <class T>
void softmax(const AttentionShape& s, const float* scores, T* probabilities) {
  const float factor = 1 / std::sqrt(static_cast<float>(s.head_size));
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < s.batch * s.heads * s.sequence; ++r) {
    const std::int64_t seen = r % s.sequence + 1;
    const float* const from = scores + r * s.sequence;
    T* const to = probabilities + r * s.sequence;
    float highest = from[0], total = 0;
#pragma omp simd reduction(max : highest)
    for (std::int64_t c = 0; c < seen; ++c) highest = from[c] > highest ? from[c] : highest;
#pragma omp simd reduction(+ : total)
    for (std::int64_t c = 0; c < seen; ++c) total += exponential(factor * (from[c] - highest));
    const float inverse = 1 / total;
#pragma omp simd
    for (std::int64_t c = 0; c < seen; ++c) store(to + c, exponential(factor * (from[c] - highest)) * inverse);
    std::memset(static_cast<void*>(to + seen), 0, sizeof(T) * static_cast<std::size_t>(s.sequence - seen));
  }
}

template <class T>
void softmax_gradient(const AttentionShape& s, const T* p, const float* dp, T* ds) {
  const float factor = 1 / std::sqrt(static_cast<float>(s.head_size));
#pragma omp parallel for schedule(static)
  for (std::int64_t r = 0; r < s.batch * s.heads * s.sequence; ++r) {
    const std::int64_t seen = r % s.sequence + 1;
    const T* const ps = p + r * s.sequence;
    const float* const dps = dp + r * s.sequence;
    T* const to = ds + r * s.sequence;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t c = 0; c < seen; ++c) sum += load(ps + c) * dps[c];
#pragma omp simd
    for (std::int64_t c = 0; c < seen; ++c) store(to + c, factor * load(ps + c) * (dps[c] - sum));
    std::memset(static_cast<void*>(to + seen), 0, sizeof(T) * static_cast<std::size_t>(s.sequence - seen));
  }
}

}  // namespace

void split(const Heads& heads, const void* rows, void* apart) {
  each_stretch(heads, [&](const Stretch& at) {
    std::memcpy(static_cast<char*>(apart) + at.apart, static_cast<const char*>(rows) + at.in_rows, at.bytes);
  });
}
void join(const Heads& heads, const void* apart, void* rows) {
  each_stretch(heads, [&](const Stretch& at) {
    std::memcpy(static_cast<char*>(rows) + at.in_rows, static_cast<const char*>(apart) + at.apart, at.bytes);
  });
}
void causal_softmax(const AttentionShape& shape, Type type, const float* scores, void* probabilities) {
  with_type(type, [&]<class T>(T*) { softmax<T>(shape, scores, static_cast<T*>(probabilities)); });
}
void causal_softmax_gradient(const AttentionShape& shape, Type type, const void* p, const float* dp, void* ds) {
  with_type(type, [&]<class T>(T*) { softmax_gradient<T>(shape, static_cast<const T*>(p), dp, static_cast<T*>(ds)); });
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
