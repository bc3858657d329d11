// A kernel that has to spill, for the gates that refuse such kernels: 96 sums are alive in each thread through the
// loop, and 1024 threads cannot have that many registers each.
constexpr int sums = 96;

static_assert(__cplusplus >= 202002L);  // a CMake that does not know it for nvcc leaves it out without a word

__global__ __launch_bounds__(1024) void spilling(float* to, const float* from, int steps) {
  float sum[sums];
#pragma unroll
  for (int i = 0; i < sums; ++i) sum[i] = from[i * 1024 + threadIdx.x];
  for (int step = 0; step < steps; ++step) {
    const float factor = from[step];
#pragma unroll
    for (int i = 0; i < sums; ++i) sum[i] = sum[i] * factor + sum[(i + 7) % sums];
  }
#pragma unroll
  for (int i = 0; i < sums; ++i) to[i * 1024 + threadIdx.x] = sum[i];
}
