#include "harness/app/program.hpp"
#include "kernels/conv/conv.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/launch/launch.hpp"
#include "kernels/memory/memory_pass.hpp"
#include "suites/models/resnet50.hpp"

// The program with the CUDA plug-in whose device is emulated, and suites that are small enough for it.

namespace gpubench {
namespace {

Lines memory(const SuiteOptions& options) {
  Lines lines;
  for (const MemoryLoop loop : all_memory_loops)
    lines.push_back(Line(MemoryPass{.loop = loop, .array_bytes = 16 << 10, .seed = options.seed}));
  lines.push_back(Line(MemoryPass{.array_bytes = 16 << 10, .touch = Touch::first_touch}));
  lines.push_back(Line(MemoryPass{.array_bytes = 128 << 20}));  // more than it has
  return lines;
}

Lines launch(const SuiteOptions&) {
  Lines lines;
  for (const Launch::By by : {Launch::By::stream, Launch::By::graph}) {
    lines.push_back(Line(Launch{.pattern = Launch::Pattern::round_trip, .by = by}));
    lines.push_back(Line(Launch{.pattern = Launch::Pattern::chain, .by = by, .kernels = 4}));
  }
  return lines;
}

Lines gemm(const SuiteOptions& options) {
  Lines lines;
  for (const Distribution data : options.data)
    for (const Precision format : all_precisions)
      lines.push_back(Line(Gemm{
          .m = 48, .n = 16, .k = 32, .format = format, .graphs = options.graphs, .data = data, .seed = options.seed}));
  const Gemm usual{.m = 48, .n = 16, .k = 32, .format = Precision::bf16};
  for (const Epilogue epilogue : {Epilogue::bias_gelu, Epilogue::gelu_gradient}) {
    Gemm fused = usual;
    fused.epilogue = epilogue;
    lines.push_back(Line(fused));
  }
  Gemm searched = usual, cold = usual, sparse = usual, ragged = usual;
  searched.searched = true;
  cold.cache = CacheState::cold;
  sparse.sparse = true;
  ragged.format = Precision::fp8;
  ragged.n = 17;
  for (const Gemm& one : {searched, cold, sparse, ragged}) lines.push_back(Line(one));
  return lines;
}

/// Every direction, precision and fusion of a convolution in which no two sizes are alike.
Lines conv(const SuiteOptions& options) {
  using enum Precision;
  using Fusion = training::FusedConvolution::Fusion;
  Conv one{.shape = {.batch = 2,
                     .in_channels = 3,
                     .height = 7,
                     .width = 6,
                     .out_channels = 5,
                     .kernel = 3,
                     .stride = 2,
                     .padding = 1},
           .graphs = options.graphs,
           .seed = options.seed};
  Lines lines;
  for (const Precision format : {fp32, tf32, fp16, bf16})
    for (const Direction direction : all_directions) {
      one.format = format, one.direction = direction;
      lines.push_back(Line(one));
    }
  one.format = bf16;
  for (const Fusion fusion :
       {Fusion::statistics, Fusion::normalised_statistics, Fusion::bias_relu, Fusion::relu_gradient}) {
    one.direction = fusion == Fusion::relu_gradient ? Direction::dgrad : Direction::fprop;
    one.fusion = fusion;
    lines.push_back(Line(one));
  }
  return lines;
}

Lines later(const SuiteOptions&) { return {Line(resnet50(Mode::amp_bf16, 2))}; }

constexpr Suite suites[] = {{"memory", "small passes", memory},
                            {"launch", "short chains", launch},
                            {"gemm", "small products", gemm},
                            {"conv", "a small convolution", conv},
                            {"later", "not on a GPU yet", later}};

}  // namespace
}  // namespace gpubench

int main(int argc, char** argv) {
  return gpubench::run_program({.suites = gpubench::suites, .backends = {"cuda13"}}, argc, argv);
}
