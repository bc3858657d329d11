#include "tests/reports/example_run.hpp"

#include <fmt/format.h>

namespace gpubench::example {
namespace {

/// A step of which fp32 spends 1.2 s in convolutions and 0.21 s in batch norm; bf16 speeds up the former only.
std::vector<Part> parts_of(const std::string& mode) {
  const double convolution = mode == "fp32" ? 0.4 : 0.4 / 3;
  const double others = mode == "fp32" ? 0.16 : 0.169;
  return {{.kind = "convolution", .pass = "forward", .seconds = convolution, .operations = 53, .work = {1.3e11, 2e9}},
          {.kind = "convolution", .pass = "data gradient", .seconds = convolution, .operations = 52},
          {.kind = "convolution", .pass = "weight gradient", .seconds = convolution, .operations = 53},
          {.kind = "batch norm", .pass = "forward", .seconds = 0.09, .operations = 53},
          {.kind = "batch norm", .pass = "backward", .seconds = 0.12, .operations = 53},
          {.kind = "relu", .pass = "backward", .seconds = others, .operations = 49}};
}

}  // namespace

Context context() {
  return {.build = {.version = "0.1.0",
                    .commit = "0123456789ab",
                    .compiler = "GNU 12.2.0",
                    .type = "Release",
                    .flags = "-O3 -DNDEBUG"},
          .command_line = {"gpubench", "--suite", "amp"},
          .seed = 1,
          .start = "2026-11-20T19:30:00Z",
          .end = "2026-11-20T19:30:47Z",
          .host = {.name = "node7",
                   .cpu_model = "Intel(R) Xeon(R) Processor",
                   .logical_cpus = 2,
                   .usable_cpus = 2,
                   .mhz = 2600,
                   .frequency_scaling = true,
                   .governor = "powersave",
                   .caches = {{.type = "Data", .level = 1, .bytes = 49152, .sharing = 1}},
                   .load_average = {0.5, 0.25, 0.125},
                   .numa_nodes = 1,
                   .memory_bytes = 8.0e9,
                   .kernel = "Linux 6.1.0 x86_64",
                   .operating_system = "Debian GNU/Linux 12 (bookworm)",
                   .container = "docker"},
          .devices = {{.id = "cpu",
                       .kind = "cpu",
                       .model = "Intel(R) Xeon(R) Processor",
                       .cores = 2,
                       .isa = "avx512_core_amx",
                       .features = {"AMX"},
                       .memory_bytes = 8.0e9,
                       .libraries = {{.name = "oneDNN", .version = "2.6.3", .path = "/usr/lib/libdnnl.so.2"}}}},
          .absent = {"no NVIDIA driver on this machine"},
          .environment = {{"OMP_NUM_THREADS", "2"}},
          .digest = std::string(64, 'a')};
}

CaseResult row(const std::string& mode) {
  const std::string name = fmt::format("train/resnet50/{}/b16/d1/onednn", mode);
  return {.run_name = name,
          .name = name,
          .suite = "amp",
          .device = "cpu",
          .precision = mode,
          .implementation = "onednn",
          .figure = fmt::format("train.resnet50.{}.images_per_second.d1", mode),
          .work = {.flops = 3.9e11, .bytes = 0},
          .input = {.distribution = "normal", .seed = 1},
          .group = "ResNet-50 · 224x224 · batch 16 · SGD, momentum",
          .item = "images"};
}

CaseResult without_time(const std::string& mode, Status status, const std::string& reason) {
  CaseResult result = row(mode);
  result.status = status;
  result.reason = reason;
  return result;
}

CaseResult trained(const std::string& mode, double seconds) {
  CaseResult result = row(mode);
  const double images_per_second = 16 / seconds, epoch_seconds = 1281167 / images_per_second;
  result.status = Status::ok;
  result.samples_seconds = {seconds + 0.002, seconds, seconds - 0.002, seconds, seconds + 0.001, seconds - 0.001};
  result.samples_taken = 6;
  result.median_seconds = seconds;
  result.spread = 0.004;
  result.cpu_seconds = 2 * seconds;
  result.peak_memory_bytes = mode == "fp32" ? 2.6e9 : 1.67e9;
  result.planned_memory_bytes = 1.5e9;
  result.figures = {{"images_per_second", images_per_second}, {"epoch_seconds", epoch_seconds}};
  result.epoch = Epoch{.items = 1281167, .seconds = epoch_seconds, .from_steps = 6, .includes = "training steps only"};
  result.parts = parts_of(mode);
  result.ceiling = Ceiling{.flops_per_second = mode == "fp32" ? 4.4e11 : 5.2e12,
                           .bytes_per_second = 3e10,
                           .precision = mode == "fp32" ? "fp32" : "bf16",
                           .by = "loops of the example"};
  result.plan = {{"convolution forward", "jit:avx512_core x 53"}};
  result.cache = "as in training";
  result.settle = {.outcome = "short", .seconds = 1.5};
  result.telemetry = {{"others_cpu_share", 0.01}};
  result.verification = Verification{.scope = "parts", .against = "oracle", .error = 0.25, .checked = 4096};
  if (mode != "fp32")
    result.parity =
        Parity{.against = "fp32", .loss_difference = 0.001, .gradient_scale = 0.01, .gradient_cosine = 0.9973};
  return result;
}

Run two_modes() {
  return {.context = context(),
          .results = {trained("fp32", 1.571),
                      without_time("tf32", Status::unsupported, "this CPU has no TF32"),
                      without_time("amp-fp16", Status::unsupported, "oneDNN 2.6.3 has no FP16 convolution"),
                      trained("amp-bf16", 0.779)}};
}

Run launches(int count, double slower) {
  Run run{.context = context()};
  for (int launch = 0; launch < count; ++launch) {
    const double times = slower * (1 + 0.002 * launch);
    for (CaseResult row : {trained("fp32", 1.571 * times),
                           without_time("tf32", Status::unsupported, "this CPU has no TF32"),
                           trained("amp-bf16", 0.779 * times)}) {
      row.launch = launch;
      row.launches = count;
      run.results.push_back(row);
    }
  }
  return run;
}

}  // namespace gpubench::example
