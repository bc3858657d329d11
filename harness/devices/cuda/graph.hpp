#pragma once

#include <functional>

#include "harness/devices/cuda/stream.hpp"

struct CUgraphExec_st;

namespace gpubench::cuda {

/// Work that was recorded once and is enqueued as one: a CUDA graph.
class Graph {
 public:
  /// Records what `enqueue` puts on `stream`, which does not run. Every kernel in it must have been launched before:
  /// loading one ends a recording. @throws what `enqueue` throws; Error where something in it cannot be recorded
  Graph(Stream stream, const std::function<void()>& enqueue);
  Graph(const Graph&) = delete;
  Graph(Graph&&) = delete;
  Graph& operator=(const Graph&) = delete;
  Graph& operator=(Graph&&) = delete;
  ~Graph();

  void enqueue(Stream stream) const;

 private:
  CUgraphExec_st* executable_ = nullptr;
};

}  // namespace gpubench::cuda
