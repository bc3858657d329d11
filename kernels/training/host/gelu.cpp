#include "kernels/training/host/number.hpp"

namespace gpubench::training::host::GPUBENCH_VECTORS {
namespace {

constexpr float root = 0.7978845608F, cubic = 0.044715F;  // sqrt(2 / pi)

/// (1 + tanh(u)) / 2 = 1 / (1 + exp(-2u)): exact to the last bits also where tanh(u) is next to -1.
inline float gate(float x) {
  const float u = root * (x + cubic * x * x * x);
  return 1 / (1 + exponential(-2 * u));
}

template <class T>
void forward(std::int64_t count, const Addresses& at) {
  const T* const x = in<T>(at, 0);
  T* const y = out<T>(at, 0);
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < count; ++i) store(y + i, load(x + i) * gate(load(x + i)));
}

template <class T>
void backward(std::int64_t count, const Addresses& at) {
  const T *const x = in<T>(at, 0), *const dy = in<T>(at, 1);
  T* const dx = out<T>(at, 0);
#pragma omp parallel for simd schedule(static)
  for (std::int64_t i = 0; i < count; ++i) {
    const float v = load(x + i), s = gate(v);
    const float slope = s + v * s * (1 - s) * 2 * root * (1 + 3 * cubic * v * v);
    store(dx + i, load(dy + i) * slope);
  }
}

}  // namespace

void run(const GeluForward& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { forward<T>(elements(o.shape), at); });
}
void run(const GeluBackward& o, const Addresses& at) {
  with_type(o.type, [&]<class T>(T*) { backward<T>(elements(o.shape), at); });
}

}  // namespace gpubench::training::host::GPUBENCH_VECTORS
