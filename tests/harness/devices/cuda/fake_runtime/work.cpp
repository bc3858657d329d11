#include <cstdlib>
#include <cstring>
#include <utility>

#include "harness/devices/cuda/emulator/clock.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

// Memory, streams, events and graphs.

using gpubench::emulator::GlobalBuffer;
using gpubench::fake_cuda::memory_bytes;
using gpubench::fake_cuda::Runtime;
using gpubench::fake_cuda::Work;

struct CUevent_st {
  double seconds = -1;
};
struct CUgraph_st {
  std::vector<gpubench::fake_cuda::Work> work{};
};
struct CUgraphExec_st {
  std::vector<gpubench::fake_cuda::Work> work{};
};

extern "C" {

cudaError_t cudaMalloc(void** pointer, std::size_t bytes) {
  Runtime& runtime = Runtime::get();
  if (runtime.used_bytes + bytes > memory_bytes) return runtime.answer(cudaErrorMemoryAllocation);
  if (runtime.sticky != cudaSuccess) return runtime.answer(runtime.sticky);
  auto buffer = std::make_unique<GlobalBuffer>("buffer " + std::to_string(runtime.buffers.size()), bytes);
  *pointer = buffer->data();
  runtime.used_bytes += bytes;
  runtime.buffers[*pointer] = std::move(buffer);
  return cudaSuccess;
}

cudaError_t cudaFree(void* pointer) {
  Runtime& runtime = Runtime::get();
  const auto buffer = runtime.buffers.find(pointer);
  if (buffer == runtime.buffers.end()) return runtime.answer(cudaErrorInvalidValue);
  runtime.catch_up();  // as cudaFree waits for everything
  runtime.used_bytes -= buffer->second->bytes();
  runtime.buffers.erase(buffer);
  return runtime.answer(cudaSuccess);
}

cudaError_t cudaHostAlloc(void** pointer, std::size_t bytes, unsigned) {
  *pointer = std::malloc(bytes);
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaFreeHost(void* pointer) {
  std::free(pointer);
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  *free = memory_bytes - Runtime::get().used_bytes;
  *total = memory_bytes;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaMemset(void* to, int value, std::size_t bytes) {
  return Runtime::get().enqueue(
      nullptr, [=] { std::memset(to, value, bytes); }, false);
}

cudaError_t cudaMemsetAsync(void* to, int value, std::size_t bytes, cudaStream_t stream) {
  return Runtime::get().enqueue(
      stream, [=] { std::memset(to, value, bytes); }, false);
}

cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind, cudaStream_t stream) {
  return Runtime::get().enqueue(
      stream, [=] { std::memcpy(to, from, bytes); }, false);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  *stream = new CUstream_st{.device = Runtime::get().current, .enqueue = [](cudaStream_t on, Work work) {
                              return Runtime::get().enqueue(on, std::move(work), true);
                            }};
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaStreamDestroy(cudaStream_t stream) {
  delete stream;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  (void)stream;  // of another stream's work, that of the default stream may come after it
  Runtime::get().catch_up();
  return Runtime::get().answer(cudaSuccess);
}
cudaError_t cudaDeviceSynchronize() { return cudaStreamSynchronize(nullptr); }

cudaError_t cudaStreamWaitEvent(cudaStream_t, cudaEvent_t, unsigned) { return Runtime::get().answer(cudaSuccess); }

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new CUevent_st;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t) {
  event->seconds = gpubench::emulator::device_clock.seconds;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaEventSynchronize(cudaEvent_t) {
  Runtime::get().catch_up();
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start, cudaEvent_t end) {
  if (start->seconds < 0 || end->seconds < 0) return Runtime::get().answer(cudaErrorInvalidResourceHandle);
  *milliseconds = static_cast<float>(1e3 * (end->seconds - start->seconds));
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  stream->recording = true;
  stream->recorded.clear();
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  stream->recording = false;
  *graph = new CUgraph_st{std::exchange(stream->recorded, {})};
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t graph, unsigned long long) {
  *executable = new CUgraphExec_st{graph->work};
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  delete executable;
  return Runtime::get().answer(cudaSuccess);
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t stream) {
  if (stream->device != Runtime::get().current) return Runtime::get().answer(cudaErrorInvalidResourceHandle);
  for (const gpubench::fake_cuda::Work& work : executable->work) work();
  return Runtime::get().answer(cudaSuccess);
}
}
