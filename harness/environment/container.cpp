#include "harness/environment/container.hpp"

#include <cstdlib>
#include <string_view>

#include "harness/environment/system_file.hpp"

namespace gpubench {
namespace {

bool is_there(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool is_set(const char* variable) {
  return std::getenv(variable) != nullptr;  // NOLINT(concurrency-mt-unsafe): nothing here sets variables
}

}  // namespace

std::string container(const std::filesystem::path& root) {
  const std::string groups = system_file(root / "proc/self/cgroup");
  const auto in_groups = [&groups](std::string_view word) { return groups.find(word) != std::string::npos; };
  std::string found;
  const auto add = [&found](const char* name) { found += (found.empty() ? "" : ", ") + std::string(name); };
  const bool kubernetes = is_set("KUBERNETES_SERVICE_HOST") || in_groups("kubepods");
  if (kubernetes) add("kubernetes");
  if (!kubernetes && (is_there(root / ".dockerenv") || in_groups("/docker"))) add("docker");
  if (!kubernetes && (is_there(root / "run/.containerenv") || in_groups("libpod"))) add("podman");
  if (in_groups("/lxc")) add("lxc");
  if (is_set("SLURM_JOB_ID") || in_groups("/slurm")) add("slurm");
  return found;
}

}  // namespace gpubench
