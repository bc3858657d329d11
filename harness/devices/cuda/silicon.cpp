#include "harness/devices/cuda/silicon.hpp"

#include <fmt/format.h>

#include "harness/core/precision.hpp"

namespace gpubench::cuda {
namespace {

/// What the matrix work of a mode is done in.
std::string_view precision_of(std::string_view precision_or_mode) {
  if (precision_or_mode == name(Mode::amp_fp16)) return name(Precision::fp16);
  if (precision_or_mode == name(Mode::amp_bf16)) return name(Precision::bf16);
  return precision_or_mode;
}

struct Rate {
  std::string_view precision;
  int on_80, on_90;  // 0: not there
};
constexpr Rate rates[] = {{name(Precision::fp32), 128, 256},
                          {name(Precision::tf32), 1024, 2048},
                          {name(Precision::fp16), 2048, 4096},
                          {name(Precision::bf16), 2048, 4096},
                          {name(Precision::fp8), 0, 8192},
                          {name(Precision::int8), 4096, 8192}};

}  // namespace

std::optional<int> operations_per_cycle(int capability, std::string_view precision_or_mode) {
  if (capability != 80 && capability != 90) return std::nullopt;
  for (const Rate& rate : rates)
    if (rate.precision == precision_of(precision_or_mode)) {
      const int operations = capability == 80 ? rate.on_80 : rate.on_90;
      return operations > 0 ? std::optional(operations) : std::nullopt;
    }
  return std::nullopt;
}

Ceiling most_of_silicon(const Properties& device, std::string_view precision_or_mode, double sm_hertz) {
  constexpr double mega = 1e6;
  Ceiling most{.precision = std::string(precision_of(precision_or_mode)), .measured = false};
  if (const auto operations = operations_per_cycle(device.capability, precision_or_mode); operations && sm_hertz > 0) {
    most.flops_per_second = sm_hertz * device.multiprocessors * *operations;
    most.by = fmt::format("{} multiprocessors x {} operations a cycle at {:.0f} MHz; ",
                          device.multiprocessors,
                          *operations,
                          sm_hertz / mega);
  }
  if (device.memory_hertz > 0 && device.memory_bus_bits > 0) {
    most.bytes_per_second = 2 * device.memory_hertz * device.memory_bus_bits / 8;
    most.by += fmt::format(
        "memory of {} bits, twice a cycle at {:.0f} MHz", device.memory_bus_bits, device.memory_hertz / mega);
  }
  return most;
}

}  // namespace gpubench::cuda
