#include "harness/devices/cuda/emulator/launch.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench::emulator {
namespace {

// Of compute capability 8.0 and higher (CUDA C++ Programming Guide, technical specifications).
constexpr unsigned most_threads = 1024, most_blocks_yz = 65535, most_blocks_in_cluster = 8, most_threads_z = 64;
constexpr std::size_t most_shared_bytes = 227 << 10;  // 163 KiB on 8.0: the kernel's own business

std::string why_refused(const GridShape& shape) {
  const dim3 &grid = shape.grid, &block = shape.block;
  const std::size_t threads = std::size_t{block.x} * block.y * block.z;
  if (threads == 0 || std::size_t{grid.x} * grid.y * grid.z == 0)
    return fmt::format(
        "a grid of {}x{}x{} blocks of {}x{}x{} threads is empty", grid.x, grid.y, grid.z, block.x, block.y, block.z);
  if (threads > most_threads) return fmt::format("a block has at most {} threads, not {}", most_threads, threads);
  if (block.z > most_threads_z)
    return fmt::format("a block has at most {} threads along z, not {}", most_threads_z, block.z);
  if (grid.y > most_blocks_yz || grid.z > most_blocks_yz || grid.x > 0x7fffffff)
    return fmt::format("a grid of {}x{}x{} blocks is too large", grid.x, grid.y, grid.z);
  if (shape.shared_bytes > most_shared_bytes)
    return fmt::format("a block has at most {} bytes of shared memory, not {}", most_shared_bytes, shape.shared_bytes);
  if (shape.cluster == 0 || shape.cluster > most_blocks_in_cluster || grid.x % shape.cluster != 0)
    return fmt::format("clusters of {} blocks do not fit {} blocks along x (at most {}, a divisor)",
                       shape.cluster,
                       grid.x,
                       most_blocks_in_cluster);
  return "";
}

}  // namespace

void launch(std::string_view kernel, const GridShape& shape, const std::function<void()>& body) {
  if (const std::string reason = why_refused(shape); !reason.empty())
    throw Error(fmt::format("kernel '{}': {}", kernel, reason));
  Grid(std::string(kernel), shape, ScheduleScope::current(), body).run();
}

std::string kernel_name(std::string_view pretty_function) {
  constexpr std::string_view before = "kernel = ";
  const auto begin = pretty_function.find(before);
  if (begin == std::string_view::npos) return std::string(pretty_function);
  std::string name(pretty_function.substr(begin + before.size()));
  name.resize(std::min(name.find_first_of(";]"), name.size()));
  // Without namespaces, its own and those of its arguments.
  for (auto colons = name.find("::"); colons != std::string::npos; colons = name.find("::")) {
    const auto first = name.find_last_of("<(, ", colons);
    name.erase(first == std::string::npos ? 0 : first + 1, colons + 2 - (first == std::string::npos ? 0 : first + 1));
  }
  return name;
}

}  // namespace gpubench::emulator
