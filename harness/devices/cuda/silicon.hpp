#pragma once

#include <optional>
#include <string_view>

#include "harness/devices/cuda/properties.hpp"
#include "harness/result.hpp"

namespace gpubench::cuda {

/// Operations (a multiplication and an addition are two) that one multiprocessor ends in each cycle, dense, on the unit
/// that is meant for the precision; of int8 to int32. None for architectures whose figures have not been verified.
/// Sources: NVIDIA A100 and H100 Tensor Core GPU Architecture white papers; the data sheets' peaks divided by
/// multiprocessors and clock give the same (312 TFLOP/s / 108 / 1.41 GHz, 989.4 TFLOP/s / 132 / 1.83 GHz).
/// @param capability 80, 90. @param precision_or_mode as in rows
std::optional<int> operations_per_cycle(int capability, std::string_view precision_or_mode);

/// What a device cannot pass at this clock of its multiprocessors, and what its memory cannot. 0 where not known.
Ceiling most_of_silicon(const Properties& device, std::string_view precision_or_mode, double sm_hertz);

}  // namespace gpubench::cuda
