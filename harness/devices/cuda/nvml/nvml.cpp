#include "harness/devices/cuda/nvml/nvml.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench::nvml {
namespace {

void* optional_function(const char* name) {
  try {
    return library().function(name);
  } catch (const Unsupported&) {
    return nullptr;
  }
}

Functions functions_of_library() {
  Functions functions;
#define GPUBENCH_NVML_FIND(name, arguments) functions.name.found_at(library().function(#name));
  GPUBENCH_NVML_REQUIRED(GPUBENCH_NVML_FIND)
#undef GPUBENCH_NVML_FIND
#define GPUBENCH_NVML_FIND(name, arguments) functions.name.found_at(optional_function(#name));
  GPUBENCH_NVML_OPTIONAL(GPUBENCH_NVML_FIND)
#undef GPUBENCH_NVML_FIND
  return functions;
}

/// Why nvmlInit_v2 did not succeed, and what to do.
std::string why_not(Return status) {
  switch (status) {
    case Return::driver_not_loaded:
      return "NVML is there but the NVIDIA driver is not loaded: load its kernel module (modprobe nvidia), or start "
             "the container with GPUs";
    case Return::lib_rm_version_mismatch:
      return "NVML and the NVIDIA kernel module are of different driver versions: restart the machine, or take a "
             "driver library that was put into the container out of it";
    case Return::no_permission:
    case Return::operating_system:
      return fmt::format(
          "NVML may not open the driver: {}; look at the permissions of /dev/nvidiactl and the container's device list",
          text_of(status));
    case Return::library_not_found:
      return "NVML misses a library of the driver: install the driver's libraries completely, all of one version";
    case Return::gpu_not_found: return "NVML finds no GPU: look at lspci and the kernel's log";
    case Return::gpu_is_lost:
    case Return::reset_required:
    case Return::not_ready:
      return fmt::format(
          "NVML does not start: {}; look for Xid in the kernel's log, reset the GPU or restart the machine",
          text_of(status));
    default: return fmt::format("NVML does not start: {}; see whether nvidia-smi runs", text_of(status));
  }
}

}  // namespace

ImportedLibrary& library() {
  static ImportedLibrary found(
      {.soname = "libnvidia-ml.so.1",
       .variable = "GPUBENCH_NVML",
       .folders =
           {"/usr/local/nvidia/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib/wsl/lib"},
       .advice = "it comes with the NVIDIA driver; a container needs NVIDIA_DRIVER_CAPABILITIES=compute,utility"});
  return found;
}

Session::Session() : functions_(functions_of_library()) {
  if (const Return status = functions_.nvmlInit_v2(); status != Return::success) throw Unsupported(why_not(status));
}

Session::~Session() { (void)functions_.nvmlShutdown(); }  // nobody is left to be told

std::string Session::driver_version() const {
  char text[text_bytes] = "";
  return functions_.nvmlSystemGetDriverVersion(text, text_bytes) == Return::success ? text : "";
}

std::string Session::version() const {
  char text[text_bytes] = "";
  return functions_.nvmlSystemGetNVMLVersion(text, text_bytes) == Return::success ? text : "";
}

int Session::driver_branch() const { return std::atoi(driver_version().c_str()); }

std::string text_of(Return status) {
  const auto described = [&](const char* text) {
    return fmt::format("{} (NVML error {})", text, static_cast<int>(status));
  };
  switch (status) {
    case Return::success: return "success";
    case Return::not_supported: return described("not supported");
    case Return::no_permission: return described("this user may not");
    case Return::driver_not_loaded: return described("the driver is not loaded");
    case Return::function_not_found: return described("this driver has no such function");
    case Return::gpu_is_lost: return described("the GPU fell off the bus");
    case Return::reset_required: return described("the GPU must be reset first");
    case Return::operating_system: return described("the operating system denies access to the GPU");
    case Return::lib_rm_version_mismatch: return described("library and kernel module differ");
    case Return::not_ready: return described("not ready");
    case Return::unknown: return described("the driver does not say why");
    default: return fmt::format("NVML error {}", static_cast<int>(status));
  }
}

}  // namespace gpubench::nvml
