#include "harness/devices/cuda/graph.hpp"

#include <memory>

#include "harness/devices/cuda/check.hpp"

namespace gpubench::cuda {
namespace {

using Recorded = std::unique_ptr<CUgraph_st, decltype(&cudaGraphDestroy)>;

/// Ends the recording whatever happened in it, or the stream would be of no more use.
Recorded end_of_recording(Stream stream, cudaError_t& status) {
  cudaGraph_t graph = nullptr;
  status = cudaStreamEndCapture(stream, &graph);
  return {graph, cudaGraphDestroy};
}

}  // namespace

Graph::Graph(Stream stream, const std::function<void()>& enqueue) {
  cudaError_t status = cudaSuccess;
  check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");
  try {
    enqueue();
  } catch (...) {
    end_of_recording(stream, status);
    cudaGetLastError();
    throw;
  }
  const Recorded recorded = end_of_recording(stream, status);
  check(status, "cudaStreamEndCapture");
  check(cudaGraphInstantiate(&executable_, recorded.get(), 0), "cudaGraphInstantiate");
}

Graph::~Graph() { cudaGraphExecDestroy(executable_); }

void Graph::enqueue(Stream stream) const { check(cudaGraphLaunch(executable_, stream), "cudaGraphLaunch"); }

}  // namespace gpubench::cuda
