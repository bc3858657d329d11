#include "kernels/memory/memory_pass.hpp"

#include <fmt/format.h>

namespace gpubench {
namespace {

/// `256mib`, `100kib`, `12b`
std::string size_text(std::int64_t bytes) {
  static constexpr const char* units[] = {"b", "kib", "mib", "gib"};
  int unit = 0;
  for (; unit < 3 && bytes % 1024 == 0; ++unit) bytes /= 1024;
  return fmt::format("{}{}", bytes, units[unit]);
}

double flops_an_element(MemoryLoop loop) { return loop == MemoryLoop::copy ? 0 : loop == MemoryLoop::triad ? 2 : 1; }

}  // namespace

std::string MemoryPass::name() const {
  return fmt::format("memory/fp32/{}/{}/{}", gpubench::name(loop), size_text(array_bytes), gpubench::name(touch));
}

Work MemoryPass::work() const {
  const auto bytes = static_cast<double>(array_bytes);
  return {.flops = flops_an_element(loop) * bytes / sizeof(float), .bytes = arrays() * bytes};
}

void MemoryPass::describe(CaseResult& row) const {
  row.figure = fmt::format(
      "memory.fp32.{}.{}.{}.bytes_per_second", gpubench::name(loop), size_text(array_bytes), gpubench::name(touch));
  row.group = fmt::format("Memory · arrays of {} MiB", array_bytes >> 20);
  row.cache = touch == Touch::warm ? "arrays beyond the caches" : "fresh pages in each run";
  row.input = {.distribution = "uniform integers of 16 bits", .seed = seed};
  if (row.status == Status::ok) row.figures = {{"bytes_per_second", work().bytes / row.median_seconds}};
}

}  // namespace gpubench
