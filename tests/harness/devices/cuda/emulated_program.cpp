#include "harness/app/program.hpp"
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

Lines later(const SuiteOptions&) { return {Line(resnet50(Mode::amp_bf16, 2))}; }

constexpr Suite suites[] = {{"memory", "small passes", memory},
                            {"launch", "short chains", launch},
                            {"gemm", "small products", gemm},
                            {"later", "not on a GPU yet", later}};

}  // namespace
}  // namespace gpubench

int main(int argc, char** argv) {
  return gpubench::run_program({.suites = gpubench::suites, .backends = {"cuda13"}}, argc, argv);
}
