#include "harness/devices/cuda/emulator/report.hpp"

#include <map>
#include <string_view>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/grid.hpp"

namespace gpubench::emulator {
namespace {

std::string waiting_for(const Wait& wait) {
  const std::string state = wait.state ? wait.state() : "";
  return fmt::format("{} ({}){}{}", wait.instruction, place_in_source(wait.where), state.empty() ? "" : ": ", state);
}

}  // namespace

std::string ranges(const std::vector<unsigned>& sorted) {
  std::string text;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i + 1;
    while (end < sorted.size() && sorted[end] == sorted[end - 1] + 1) ++end;
    text += fmt::format("{}{}", text.empty() ? "" : ", ", sorted[i]);
    if (end - i > 1) text += fmt::format("-{}", sorted[end - 1]);
    i = end;
  }
  return text;
}

std::string place_in_source(const Where& where) {
  const std::string_view file = where.file;
  return fmt::format("{}:{}", file.substr(file.rfind('/') + 1), where.line);
}

std::string block_name(const uint3& index) { return fmt::format("block ({},{},{})", index.x, index.y, index.z); }

std::string how_to_repeat(const Schedule& schedule) {
  const std::string name = text(schedule);
  return fmt::format("\n  seen with schedule {}: run it again with --schedule={}", name, name);
}

std::string deadlock_report(const std::string& kernel, std::span<const Block* const> blocks, bool polling) {
  std::string report = fmt::format("kernel '{}': {}",
                                   kernel,
                                   polling ? "threads ask again and again for what never comes"
                                           : "deadlock: no thread can go on and no copy is under way");
  for (const Block* block : blocks) {
    std::map<std::string, std::vector<unsigned>> waiting;
    std::vector<unsigned> returned;
    for (const auto& thread : block->threads)
      (thread->returned ? returned : waiting[waiting_for(thread->wait)]).push_back(thread->linear);
    report += fmt::format("\n  {}:", block_name(block->index));
    for (const auto& [what, threads] : waiting) report += fmt::format("\n    threads {} at {}", ranges(threads), what);
    if (!returned.empty()) report += fmt::format("\n    threads {} have returned", ranges(returned));
  }
  return report;
}

std::string position_of(const Thread& thread) {
  const uint3& index = thread.index;
  return fmt::format("kernel '{}', {}, thread ({},{},{})",
                     thread.block->grid->kernel(),
                     block_name(thread.block->index),
                     index.x,
                     index.y,
                     index.z);
}

void fail(const char* instruction, const Where& where, const std::string& what) {
  const Thread& thread = current();
  throw Fault(fmt::format("{}: {} ({}): {}{}",
                          position_of(thread),
                          instruction,
                          place_in_source(where),
                          what,
                          how_to_repeat(thread.block->grid->schedule())));
}

}  // namespace gpubench::emulator
