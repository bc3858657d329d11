#include <cstdint>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/launch.cuh"
#include "harness/devices/cuda/ptx/shared.cuh"
#include "kernels/training/cuda/block_reduce.cuh"
#include "kernels/training/cuda/dispatch.cuh"
#include "kernels/training/cuda/parameters.cuh"
#include "kernels/training/cuda/softmax_cross_entropy.hpp"

namespace gpubench::cuda {
namespace {

// Bound by the memory: logits are read and dlogits written. A row is a block's. What of it fits stays in registers:
// rows of up to 4096 classes (narrow_threads) or 16384 (wide_threads) are read once; of a wider one, such as the 50257
// of GPT-2, the rest is read again for the gradient, soon enough that the L2 cache may still have it.
constexpr int elements_held = 32;  // by a thread
constexpr int narrow_threads = 128, wide_threads = 512;

constexpr float log2_e = 1.442695041F;

/// exp(x) for x <= 0; below the smallest normal number 0.
__device__ __forceinline__ float exponential(float x) { return ptx::exp2_approx(x * log2_e); }

/// A vector of the whole array that may reach over an end of the row: rows of an odd number of classes begin anywhere,
/// but the vectors of the array are at the same elements of logits and of dlogits.
struct Row {
  std::int64_t begin, end;  // elements of the array
  bool aligned;

  __device__ bool has(std::int64_t element) const { return element >= begin && element < end; }
  template <int size>
  __device__ bool has_all(std::int64_t at) const {
    return aligned && at >= begin && at + size <= end;
  }
};

/// Elements of other rows are minus infinity: they change neither maximum nor sum.
template <int size>
__device__ __forceinline__ Floats<size> load(const float* logits, std::int64_t at, const Row& row) {
  if (row.template has_all<size>(at)) return load_floats<size>(logits + at, size, true);
  Floats<size> part;
#pragma unroll
  for (int k = 0; k < size; ++k) part.at[k] = row.has(at + k) ? logits[at + k] : -INFINITY;
  return part;
}

/// The maximum of logits, and the sum of exp(logit - maximum), over what it was given so far.
struct Softmax {
  float highest = -INFINITY, total = 0;

  /// What a logit is taken off of: as long as there is none, not minus infinity, or their difference were NaN.
  __device__ static float reference(float maximum) { return maximum == -INFINITY ? 0.0F : maximum; }

  template <int size>
  __device__ __forceinline__ void take(const Floats<size>& logits) {
    const float before = highest;
#pragma unroll
    for (int k = 0; k < size; ++k) highest = fmaxf(highest, logits.at[k]);
    total *= exponential(before - reference(highest));
#pragma unroll
    for (int k = 0; k < size; ++k) total += exponential(logits.at[k] - reference(highest));
  }
};

template <int threads>
struct Shared {
  WarpParts<threads, 1> parts;
};

template <class T, int threads>
__global__ __launch_bounds__(threads) void softmax_cross_entropy_kernel(const float* logits,
                                                                        const std::int32_t* labels,
                                                                        const float* state,
                                                                        T* dlogits,
                                                                        float* losses,
                                                                        std::int64_t classes,
                                                                        float share,
                                                                        bool aligned) {
  constexpr int size = ptx::Vector<T>::size, held_vectors = elements_held / size, step = threads * size;
  auto& parts = ptx::shared_memory<Shared<threads>>().parts;
  const Row row{.begin = blockIdx.x * classes, .end = (blockIdx.x + 1) * classes, .aligned = aligned};
  const std::int64_t first = (row.begin / size + threadIdx.x) * size;

  Floats<size> held[held_vectors];
#pragma unroll
  for (int i = 0; i < held_vectors; ++i) held[i] = load<size>(logits, first + i * step, row);
  Softmax softmax;
#pragma unroll
  for (int i = 0; i < held_vectors; ++i) softmax.take(held[i]);
#pragma unroll 4
  for (std::int64_t at = first + held_vectors * step; at < row.end; at += step)
    softmax.take(load<size>(logits, at, row));
  const float highest = block_max<threads>(softmax.highest, parts), reference = Softmax::reference(highest);
  const float total = block_sum<threads>(softmax.total * exponential(softmax.highest - reference), parts);

  const std::int64_t label = labels[blockIdx.x];
  const bool valid = label >= 0 && label < classes;
  if (threadIdx.x == 0) losses[blockIdx.x] = valid ? logf(total) + (highest - logits[row.begin + label]) : NAN;

  const float scale = share * state[training::StepState::loss_scale], inverse = 1 / total;
  const auto store_gradient = [&](std::int64_t at, const Floats<size>& part) {
    ptx::Vector<T> gradient;
#pragma unroll
    for (int k = 0; k < size; ++k) {
      const float probability = exponential(part.at[k] - reference) * inverse;
      gradient.at[k] = from_float<T>(scale * (at + k == row.begin + label ? probability - 1 : probability));
    }
    if (row.template has_all<size>(at)) return ptx::st_vector(dlogits + at, gradient);
#pragma unroll
    for (int k = 0; k < size; ++k)
      if (row.has(at + k)) dlogits[at + k] = gradient.at[k];
  };
#pragma unroll
  for (int i = 0; i < held_vectors; ++i) store_gradient(first + i * step, held[i]);
#pragma unroll 4
  for (std::int64_t at = first + held_vectors * step; at < row.end; at += step)
    store_gradient(at, load<size>(logits, at, row));
}

/// One block: its sum over thousands of rows is short against what the rows themselves took.
__global__ __launch_bounds__(wide_threads) void mean_loss_kernel(const float* losses, float* loss, std::int64_t rows) {
  auto& parts = ptx::shared_memory<Shared<wide_threads>>().parts;
  float sum = 0;
#pragma unroll 4
  for (std::int64_t row = threadIdx.x; row < rows; row += wide_threads) sum += losses[row];
  sum = block_sum<wide_threads>(sum, parts);
  if (threadIdx.x == 0) *loss = sum / static_cast<float>(rows);
}

}  // namespace

std::size_t softmax_cross_entropy_workspace(const training::SoftmaxCrossEntropy& operation) {
  return sizeof(float) * static_cast<std::size_t>(operation.rows);
}

void softmax_cross_entropy(Stream stream,
                           const training::SoftmaxCrossEntropy& operation,
                           const float* logits,
                           const std::int32_t* labels,
                           const float* state,
                           float* loss,
                           void* dlogits,
                           float* workspace) {
  const auto [rows, classes, type, share] = operation;
  if (rows < 1 || classes < 1) throw Error("a cross entropy has no rows or no classes");
  with_type(type, [&, rows = rows, classes = classes, share = share]<class T>(T* /*type*/) {
    if (!all_aligned({dlogits}, sizeof(T)) || !all_aligned({logits, labels, state, loss, workspace}, sizeof(float)))
      throw Error("an array of a cross entropy begins between elements of its type");
    const auto enqueue = [&]<int threads>() {
      launch<softmax_cross_entropy_kernel<T, threads>>(
          stream,
          {.grid = static_cast<unsigned>(rows), .block = threads, .shared_bytes = sizeof(Shared<threads>)},
          logits,
          labels,
          state,
          static_cast<T*>(dlogits),
          workspace,
          classes,
          static_cast<float>(share / static_cast<double>(rows)),
          all_aligned({logits, dlogits}, 16));
    };
    if (classes <= narrow_threads * elements_held)
      enqueue.template operator()<narrow_threads>();
    else
      enqueue.template operator()<wide_threads>();
  });
  launch<mean_loss_kernel>(
      stream, {.block = wide_threads, .shared_bytes = sizeof(Shared<wide_threads>)}, workspace, loss, rows);
}

}  // namespace gpubench::cuda
