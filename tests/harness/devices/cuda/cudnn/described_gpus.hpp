#pragma once

#include <optional>
#include <string>

#include "harness/devices/cuda/cudnn/plan.hpp"

// GPUs that are only described: cuDNN plans for them on any machine.
namespace gpubench::cudnn {

/// Why cuDNN cannot plan without a GPU here; none where it can. Of plans that are compiled it needs the driver's user
/// library, too, which is taken from the system or from where scripts/fetch_libcuda puts it.
std::optional<std::string> why_no_plans();
std::optional<std::string> why_no_compiled_plans();

/// @param architecture `sm_80`, `sm_90` @pre !why_no_plans()
const Target& described_gpu(const std::string& architecture);

/// GPUBENCH_ALL_PLANS is set: what takes minutes is wanted, too.
bool all_plans_wanted();

}  // namespace gpubench::cudnn
