#include "harness/app/program.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/launch/launch.hpp"
#include "kernels/memory/memory_pass.hpp"

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

Lines later(const SuiteOptions&) { return {Line(Gemm{.m = 64, .n = 64, .k = 64, .format = Precision::bf16})}; }

constexpr Suite suites[] = {
    {"memory", "small passes", memory}, {"launch", "short chains", launch}, {"later", "not on a GPU yet", later}};

}  // namespace
}  // namespace gpubench

int main(int argc, char** argv) {
  return gpubench::run_program({.suites = gpubench::suites, .backends = {"cuda13"}}, argc, argv);
}
