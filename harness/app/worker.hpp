#pragma once

#include <string_view>

#include "harness/app/program.hpp"

namespace gpubench {

/// The first argument that makes the program a worker; nobody types it.
inline constexpr std::string_view worker_word = "--gpubench-worker";
/// Where a worker finds the pipe for its events. Its order comes on standard input.
inline constexpr int events_fd = 3;

/// Carries out one order. Only a worker loads plug-ins, touches devices and runs Google Benchmark.
int work(const Program& program);

}  // namespace gpubench
