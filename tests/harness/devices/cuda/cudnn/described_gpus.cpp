#include "tests/harness/devices/cuda/cudnn/described_gpus.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "harness/devices/cuda/cudnn/cudnn.hpp"

namespace gpubench::cudnn {
namespace {

constexpr std::size_t first_with_descriptions = 90800;
constexpr const char* driver = "libcuda.so.1";

/// cuDNN asks for the driver by name and finds the one that is there already.
bool load_driver() {
  static const bool there = [] {
    const std::string fetched = std::string(GPUBENCH_LIBCUDA_DIR) + "/" + driver;
    return dlopen(driver, RTLD_NOW | RTLD_GLOBAL) != nullptr ||
           dlopen(fetched.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr;
  }();
  return there;
}

}  // namespace

std::optional<std::string> why_no_plans() {
  load_driver();  // before cuDNN is first asked: it looks once
  if (auto missing = cuda::cudnn_library().missing()) return missing;
  if (cudnnGetVersion() < first_with_descriptions)
    return fmt::format("cuDNN {} plans for no GPU that is only described; 9.8 does", version());
  return std::nullopt;
}

std::optional<std::string> why_no_compiled_plans() {
  if (auto why = why_no_plans()) return why;
  if (load_driver()) return std::nullopt;
  const std::filesystem::path note = std::filesystem::path(GPUBENCH_LIBCUDA_DIR) / "unavailable";
  std::ifstream file(note);
  std::string said;
  std::getline(file, said);
  return fmt::format("plans that are compiled need {}: {}",
                     driver,
                     said.empty() ? "scripts/fetch_libcuda fetches it, nothing is installed" : said);
}

const Target& described_gpu(const std::string& architecture) {
  static std::map<std::string, Target> targets;
  const auto known = targets.find(architecture);
  if (known != targets.end()) return known->second;
  std::ifstream file(fmt::format("{}/cudnn/{}.json", GPUBENCH_TEST_DATA, architecture));
  std::ostringstream json;
  json << file.rdbuf();
  return targets.emplace(architecture, Target::described(json.str())).first->second;
}

bool all_plans_wanted() { return std::getenv("GPUBENCH_ALL_PLANS") != nullptr; }

}  // namespace gpubench::cudnn
