#include "harness/devices/cpu/onednn.hpp"

#include <fmt/format.h>

namespace gpubench {

ImportedLibrary& onednn_library() {
  static ImportedLibrary library(
      {.soname = fmt::format("libdnnl.so.{}", DNNL_VERSION_MAJOR),
       .variable = "GPUBENCH_ONEDNN",
       .folders = {"$CONDA_PREFIX/lib",
                   "$VIRTUAL_ENV/lib",
                   "$HOME/.local/lib",
                   "/opt/intel/oneapi/dnnl/latest/lib",
                   "/opt/conda/lib"},
       .advice = fmt::format("install libdnnl{}, or set GPUBENCH_ONEDNN to its file or folder", DNNL_VERSION_MAJOR)});
  return library;
}

std::string onednn_version() {
  const dnnl::version_t* found = dnnl::version();
  return fmt::format("{}.{}.{}", found->major, found->minor, found->patch);
}

}  // namespace gpubench
