#include "harness/app/plugins.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "harness/core/abi.hpp"

namespace gpubench {
namespace {

/// Beside the program, as it is built; or where an installation keeps it.
std::optional<std::filesystem::path> find_plugin(const std::string& backend) {
  const auto folder = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const std::string file = fmt::format("libgpubench_{}.so", backend);
  for (const auto& path : {folder / file, folder / ".." / "lib" / "gpubench" / file})
    if (std::filesystem::exists(path)) return path;
  return std::nullopt;
}

template <class Function>
Function* symbol(void* library, const char* name) {
  return reinterpret_cast<Function*>(dlsym(library, name));
}

/// What a back-end found, and who it is.
struct Asked {
  Found found{};
  Backend* backend = nullptr;
};

Asked without_device(std::string why) { return {.found = {.why_none = std::move(why)}}; }

Asked load(const std::string& backend) {
  const auto path = find_plugin(backend);
  if (!path) return without_device("not built");
  // NODELETE: device code and OpenMP teams register themselves on load and cannot be unloaded.
  void* library = dlopen(path->c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return without_device(fmt::format("does not load: {}", dlerror()));
  const auto abi_of = symbol<const char*()>(library, "gpubench_abi");
  const auto backend_of = symbol<Backend*()>(library, "gpubench_backend");
  if (!abi_of || !backend_of) return without_device(path->string() + " is not a back-end of gpubench");
  if (abi_of() != abi)
    return without_device(fmt::format(
        "{} does not belong to this program, build both together ('{}' and '{}')", path->string(), abi_of(), abi));
  return {.found = backend_of()->find_devices(), .backend = backend_of()};
}

Asked devices_of(const std::string& backend) {
  try {
    Asked asked = load(backend);
    if (asked.found.devices.empty() && asked.found.why_none.empty()) asked.found.why_none = "found no device";
    return asked;
  } catch (const std::exception& error) {
    return without_device(error.what());
  }
}

bool rules_out(std::string_view wanted, const std::vector<std::string>& backends, std::string_view family) {
  const std::string_view asked = wanted.substr(0, wanted.find(':'));
  const bool names_a_family =
      std::any_of(backends.begin(), backends.end(), [&](const auto& backend) { return family_of(backend) == asked; });
  return names_a_family && asked != family;
}

}  // namespace

std::string_view family_of(std::string_view backend) {
  return backend.substr(0, backend.find_last_not_of("0123456789") + 1);
}

Devices find_devices(const std::vector<std::string>& backends, std::string_view wanted) {
  Devices all;
  std::string_view served{};
  for (const std::string& backend : backends) {
    const std::string_view family = family_of(backend);
    if (family == served || rules_out(wanted, backends, family)) continue;
    if (wanted == "auto" && !all.devices.empty()) break;
    auto [found, asked] = devices_of(backend);
    if (found.gpus && (!all.gpus || !found.devices.empty())) {
      all.gpus = std::move(found.gpus);
      all.gpus_from = asked;
    }
    if (found.devices.empty()) {
      all.absent.push_back(backend + ": " + found.why_none);
      continue;
    }
    served = family;
    for (auto& device : found.devices) all.devices.push_back(std::move(device));
  }
  return all;
}

void read_under_load(Devices& found) {
  if (!found.gpus || !found.gpus_from) return;
  GpuNode read = *found.gpus;
  try {
    found.gpus_from->read_under_load(read);
    found.gpus = std::move(read);
  } catch (const std::exception&) {
    // What is read here is more than was promised; the checks say that it was read idle.
  }
}

}  // namespace gpubench
