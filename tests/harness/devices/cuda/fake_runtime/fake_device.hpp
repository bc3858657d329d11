#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <cuda_runtime_api.h>

#include "harness/devices/cuda/emulator/global_memory.hpp"

// A CUDA runtime without a GPU: kernels run under the emulator, one after another, whatever stream they are on. Time is
// made up: everything that is enqueued takes the same. As a real one, it refuses a stream of another device than the
// current one, and does what is on the default stream late: when somebody waits for that. It stands in for
// cudart_static in tests, and is told by variables what to be:
//   GPUBENCH_FAKE_CUDA_DEVICES=2             how many devices; 1
//   GPUBENCH_FAKE_CUDA_CAPABILITY=90         of all of them; 80
//   GPUBENCH_FAKE_CUDA_SECONDS=0.005         what a kernel, a copy or a fill takes
//   GPUBENCH_FAKE_CUDA_STATUS=100            of cudaGetDeviceCount
//   GPUBENCH_FAKE_CUDA_FAULT=700@5           the 5th kernel of the process fails so, and so does everything after it
//   GPUBENCH_FAKE_CUDA_GONE_WITHOUT=PATH     where this file is not there, the first device has fallen off the bus
//   GPUBENCH_FAKE_CUDA_FAULT_FILE=PATH       but only if this file is there, which is then removed: once in all workers

namespace gpubench::fake_cuda {

/// What may be recorded instead of run.
using Work = std::function<void()>;

/// What a library that plays a vendor's is given, by its `extern "C" void gpubench_use_fake_cuda(const Enqueue&)`, when
/// it is named by its variable (GPUBENCH_CUBLASLT, GPUBENCH_CUDNN): how to put work on a stream.
using Enqueue = std::function<bool(cudaStream_t, Work)>;

struct Runtime {
  static Runtime& get();

  int devices = 1;
  int capability = 80;
  int gone = 0;  ///< devices before the first
  int current = 0;
  double seconds = 0.005;
  cudaError_t count_status = cudaSuccess;
  cudaError_t sticky = cudaSuccess;  ///< what every call says from now on
  cudaError_t last = cudaSuccess;    ///< what cudaGetLastError says
  std::map<void*, std::unique_ptr<emulator::GlobalBuffer>> buffers{};
  std::size_t used_bytes = 0;
  bool lose_next_kernel = false;
  std::vector<Work> late{};  ///< on the default stream, which the streams of a program need not wait for

  /// Runs it now, or records it where the stream is being recorded.
  cudaError_t enqueue(cudaStream_t stream, Work work, bool is_kernel);
  cudaError_t run(const Work& work, bool is_kernel);
  /// What somebody who waits for the default stream waits for.
  void catch_up();
  /// What a call gives back; it is remembered.
  cudaError_t answer(cudaError_t status);

 private:
  Runtime();
  bool fault_is_due();

  int kernels_ = 0, failing_kernel_ = 0;
  cudaError_t fault_ = cudaSuccess;
  std::string fault_file_{};
};

inline constexpr std::size_t memory_bytes = std::size_t{64} << 20;

}  // namespace gpubench::fake_cuda

struct CUstream_st {
  std::vector<gpubench::fake_cuda::Work> recorded{};
  bool recording = false;
  int device = 0;
  /// How a library that is loaded apart, as a fake cuDNN is, puts a kernel on it.
  cudaError_t (*enqueue)(CUstream_st* stream, gpubench::fake_cuda::Work work) = nullptr;
};
