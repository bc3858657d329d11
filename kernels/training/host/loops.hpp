#pragma once

#include <cstdint>
#include <string>

#include "harness/core/random.hpp"
#include "kernels/training/operation.hpp"

// Loops of our own for what the host's library does not have, or not as fast: norms, embeddings, the loss, the
// optimizer. Tensors are plain (row-major). Each source is compiled once for every set of vector instructions below;
// which of them runs is settled by the processor. OpenMP's threads share the work.
namespace gpubench::training::host {

/// Addresses of an operation's inputs and outputs in its operands' order.
struct Addresses {
  void* const* inputs = nullptr;
  void* const* outputs = nullptr;
};

/// Rows of `width` elements of which `size` from `offset` on belong to this head: the same numbers, head by head, are
/// {batch * heads, sequence, head_size}.
struct Heads {
  AttentionShape shape{};
  Type type = Type::f32;
  std::int64_t row_width = 0, offset = 0;
};

#define GPUBENCH_HOST_LOOPS                                                                                  \
  void run(const LayerNormForward& operation, const Addresses& at);                                          \
  void run(const LayerNormBackward& operation, const Addresses& at);                                         \
  void run(const GeluForward& operation, const Addresses& at);                                               \
  void run(const GeluBackward& operation, const Addresses& at);                                              \
  void run(const EmbeddingForward& operation, const Addresses& at);                                          \
  void run(const EmbeddingBackward& operation, const Addresses& at);                                         \
  void run(const SoftmaxCrossEntropy& operation, const Addresses& at);                                       \
  void run(const SgdMomentum& operation, const Addresses& at);                                               \
  void run(const AdamW& operation, const Addresses& at);                                                     \
  void run(const CheckFinite& operation, const Addresses& at);                                               \
  /* values[i] = mean + deviation * random.normal(i) */                                                      \
  void normal(std::int64_t count, const Random& random, double mean, double deviation, float* values);       \
  /* dbias[o] = sum over rows of dy[r,o] */                                                                  \
  void bias_gradient(const LinearShape& shape, Type type, const void* dy, float* dbias);                     \
  /* Rows to heads and back. */                                                                              \
  void split(const Heads& heads, const void* rows, void* apart);                                             \
  void join(const Heads& heads, const void* apart, void* rows);                                              \
  /* Of scores {batch * heads, sequence, sequence}: the probabilities up to the diagonal, zero behind it. */ \
  void causal_softmax(const AttentionShape& shape, Type type, const float* scores, void* probabilities);     \
  /* ds = p * (dp - sum of p * dp over the row) / sqrt(head_size) */                                         \
  void causal_softmax_gradient(const AttentionShape& shape, Type type, const void* p, const float* dp, void* ds);

namespace baseline {
GPUBENCH_HOST_LOOPS
}
#ifdef GPUBENCH_X86_64
namespace avx2 {
GPUBENCH_HOST_LOOPS
}
namespace avx512 {
GPUBENCH_HOST_LOOPS
}
#endif
#undef GPUBENCH_HOST_LOOPS

enum class Vectors { baseline, avx2, avx512 };
Vectors vectors();           ///< what this processor has
std::string vectors_text();  ///< `avx512`

/// Calls `loop<namespace>(arguments…)` for this processor: GPUBENCH_HOST_RUN(run, operation, at).
#ifdef GPUBENCH_X86_64
#define GPUBENCH_HOST_RUN(loop, ...)                                                    \
  (::gpubench::training::host::vectors() == ::gpubench::training::host::Vectors::avx512 \
       ? ::gpubench::training::host::avx512::loop(__VA_ARGS__)                          \
   : ::gpubench::training::host::vectors() == ::gpubench::training::host::Vectors::avx2 \
       ? ::gpubench::training::host::avx2::loop(__VA_ARGS__)                            \
       : ::gpubench::training::host::baseline::loop(__VA_ARGS__))
#else
#define GPUBENCH_HOST_RUN(loop, ...) ::gpubench::training::host::baseline::loop(__VA_ARGS__)
#endif

/// UpdateState is a handful of numbers.
void run(const UpdateState& operation, const Addresses& at);

}  // namespace gpubench::training::host
