#pragma once

#include <cstring>
#include <string>

#include "tests/harness/devices/cuda/nvml/fake_machine.hpp"

namespace gpubench::nvml {

/// Null before nvmlInit and after nvmlShutdown.
const FakeMachine* machine();
/// Whether the driver played has this function and NVML is initialised: what it has to answer otherwise.
Return entered(const char* function);
/// The same for a question to a GPU, which may be gone.
Return entered(const char* function, Device gpu);
Return write(const std::string& text, char* to, unsigned bytes);

/// Writes a fact of the GPU, or answers that there is none.
template <class Value>
Return tell(const char* function, Device gpu, const char* key, Value* to) {
  if (const Return status = entered(function, gpu); status != Return::success) return status;
  const nlohmann::json& fact = gpu->fact(key);
  if (fact.is_null()) return Return::not_supported;
  *to = static_cast<Value>(fact.is_boolean() ? fact.get<bool>() : fact.get<double>());
  return Return::success;
}

// All functions with their types: a definition that differs does not compile. NOLINTBEGIN(bugprone-macro-parentheses)
#define GPUBENCH_NVML_DECLARE(name, arguments) __attribute__((visibility("default"))) Return name arguments;
// NOLINTEND(bugprone-macro-parentheses)
extern "C" {
GPUBENCH_NVML_REQUIRED(GPUBENCH_NVML_DECLARE)
GPUBENCH_NVML_OPTIONAL(GPUBENCH_NVML_DECLARE)
}
#undef GPUBENCH_NVML_DECLARE

}  // namespace gpubench::nvml
