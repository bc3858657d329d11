#pragma once

#include <string>
#include <vector>

#include "harness/run.hpp"
#include "reports/compare/side.hpp"

namespace gpubench::example {

/// A machine with GPUs and what it is to have measured: made up, so that every figure can be checked by hand.
struct Node {
  std::string host = "node-a", model = "NVIDIA A100-SXM4-80GB";
  double memory_bytes = 85899345920;
  double power_limit = 400;
  int gpus = 1, launches = 1;
  std::string driver = "580.65.06", digest = std::string(64, 'a');
  std::string uuid = "GPU-a";  ///< beginning of it: another one is another board
};
Node a100_node(int gpus = 1, int launches = 1);
Node h100_node(int gpus = 1, int launches = 1);

/// What every launch on every GPU of a node says of a case. `wobble` is how far launches lie apart: 0.01 is 1 %.
struct Told {
  std::string name{}, precision{}, implementation{}, figure{}, key{};
  double value = 0;  ///< of the figure, per second (or seconds)
  Work work{};
  double wobble = 0.002;
  std::string cache = "rotated";
  int method = 1;
  double watts = 0;
};
Told gemm(double tflops, const std::string& implementation = "cublaslt");
Told triad(double gigabytes);
/// ResNet-50, batch 256, on one GPU.
Told training(const std::string& mode,
              double images_per_second,
              int batch = 256,
              const std::string& implementation = "cudnn");

Run run_of(const Node& node, const std::vector<Told>& cases);
/// A row that did not run, to be put into a run.
CaseResult not_run(const Told& told, Status status, const std::string& reason);

/// A run written to a folder of its own and read as a side.
Side side_of(const Run& run);

}  // namespace gpubench::example
