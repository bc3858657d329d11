#include "tests/reports/compare/example_nodes.hpp"

#include <fmt/format.h>

#include "reports/compare/run_side.hpp"
#include "reports/run_file.hpp"
#include "tests/reports/example_run.hpp"
#include "tests/reports/files.hpp"

namespace gpubench::example {
namespace {

DeviceInfo device(const Node& node, int index) {
  return {.id = fmt::format("cuda:{}", index),
          .kind = "cuda",
          .model = node.model,
          .uuid = fmt::format("{}{}", node.uuid, index),
          .pci = fmt::format("00000000:{:02X}:00.0", index + 1),
          .cores = 108,
          .isa = "sm_80",
          .memory_bytes = node.memory_bytes};
}

CaseResult row_of(const Told& told) {
  return {.run_name = told.name,
          .name = told.name,
          .suite = "gemm",
          .device = "cuda:0",
          .precision = told.precision,
          .implementation = told.implementation,
          .figure = told.figure,
          .method = told.method,
          .work = told.work,
          .cache = told.cache,
          .input = {.distribution = "normal", .seed = 1}};
}

CaseResult measured(const Told& told, int gpu, int launch, int launches) {
  CaseResult row = row_of(told);
  row.status = Status::ok;
  row.device = fmt::format("cuda:{}", gpu);
  row.name = fmt::format("{}@{}", told.name, row.device);
  row.launch = launch;
  row.launches = launches;
  const double value = told.value * (1 + told.wobble * (launch - (launches - 1) / 2.0)) * (1 + 0.001 * gpu);
  row.median_seconds = 0.01;
  row.samples_seconds = {0.01, 0.01, 0.01, 0.01, 0.01, 0.01};
  row.samples_taken = 6;
  row.figures = {{told.key, value}};
  if (told.watts > 0) row.telemetry["watts"] = told.watts;
  return row;
}

}  // namespace

Node a100_node(int gpus, int launches) { return {.gpus = gpus, .launches = launches}; }

Node h100_node(int gpus, int launches) {
  return {.host = "node-h",
          .model = "NVIDIA H100 80GB HBM3",
          .memory_bytes = 85520809984,
          .power_limit = 700,
          .gpus = gpus,
          .launches = launches,
          .digest = std::string(64, 'b'),
          .uuid = "GPU-h"};
}

Told gemm(double tflops, const std::string& implementation) {
  return {.name = "gemm/bf16/m4096n4096k4096/nt/hot/" + implementation,
          .precision = "bf16",
          .implementation = implementation,
          .figure = "gemm.bf16.m4096n4096k4096.nt.hot.flops_per_second",
          .key = "flops_per_second",
          .value = tflops * 1e12,
          .work = {.flops = 2.0 * 4096 * 4096 * 4096, .bytes = 2.0 * 3 * 4096 * 4096}};
}

Told triad(double gigabytes) {
  return {.name = "memory/fp32/triad/256mib/warm/gpubench",
          .precision = "fp32",
          .implementation = "gpubench",
          .figure = "memory.fp32.triad.256mib.warm.bytes_per_second",
          .key = "bytes_per_second",
          .value = gigabytes * 1e9,
          .work = {.flops = 1.3e8, .bytes = 8.05e8},
          .cache = "arrays beyond the caches"};
}

Told training(const std::string& mode, double images_per_second, int batch, const std::string& implementation) {
  return {.name = fmt::format("train/resnet50/{}/b{}/d1/{}", mode, batch, implementation),
          .precision = mode,
          .implementation = implementation,
          .figure = fmt::format("train.resnet50.{}.images_per_second.d1", mode),
          .key = "images_per_second",
          .value = images_per_second,
          .work = {.flops = 2.4e10 * batch, .bytes = 0},
          .cache = "as in training"};
}

Run run_of(const Node& node, const std::vector<Told>& cases) {
  Run run{.context = context()};
  run.context.host.name = node.host;
  run.context.digest = node.digest;
  run.context.devices.clear();
  run.context.gpus = GpuNode{.driver = node.driver, .driver_cuda = 13000, .plugin_cuda = 13000, .plugin = "cuda13"};
  for (int gpu = 0; gpu < node.gpus; ++gpu) {
    run.context.devices.push_back(device(node, gpu));
    run.context.gpus->gpus.push_back({.index = gpu,
                                      .name = node.model,
                                      .uuid = run.context.devices.back().uuid,
                                      .memory_bytes = node.memory_bytes,
                                      .power_limit_watts = node.power_limit});
  }
  for (const Told& told : cases)
    for (int launch = 0; launch < node.launches; ++launch)
      for (int gpu = 0; gpu < node.gpus; ++gpu) run.results.push_back(measured(told, gpu, launch, node.launches));
  return run;
}

CaseResult not_run(const Told& told, Status status, const std::string& reason) {
  CaseResult row = row_of(told);
  row.status = status;
  row.reason = reason;
  return row;
}

Side side_of(const Run& run) {
  const TemporaryFolder folder;
  write_run(run, folder / "run.json");
  return side_of_runs(folder / "run.json");
}

}  // namespace gpubench::example
