#include "harness/environment/environment_variables.hpp"

#include <algorithm>
#include <iterator>
#include <unistd.h>

namespace gpubench {
namespace {

constexpr std::string_view prefixes[] = {
    "OMP_", "GOMP_", "ONEDNN_", "DNNL_", "CUBLAS_", "CUBLASLT_", "CUDNN_", "NCCL_"};
constexpr std::string_view names[] = {
    "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "CUDA_MODULE_LOADING", "NVIDIA_TF32_OVERRIDE"};
constexpr std::string_view secrets[] = {"TOKEN", "SECRET", "PASSW", "KEY", "CREDENTIAL", "AUTH"};

}  // namespace

bool may_be_written(std::string_view variable) {
  const auto holds = [variable](std::string_view word) { return variable.find(word) != std::string_view::npos; };
  const auto begins = [variable](std::string_view word) { return variable.starts_with(word); };
  if (std::ranges::any_of(secrets, holds)) return false;
  return std::ranges::find(names, variable) != std::end(names) || std::ranges::any_of(prefixes, begins);
}

std::map<std::string, std::string> environment_variables() {
  std::map<std::string, std::string> found;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || !may_be_written(text.substr(0, equals))) continue;
    found.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return found;
}

}  // namespace gpubench
