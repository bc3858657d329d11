#include "harness/core/imported.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <glob.h>
#include <link.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

/// `$NAME/lib` with the variable's value, empty where it is not set: a relative folder is never searched.
std::string expanded(const std::string& folder) {
  if (!folder.starts_with('$')) return folder;
  const std::size_t slash = folder.find('/');
  const char* value = std::getenv(folder.substr(1, slash - 1).c_str());
  if (!value || !*value) return {};
  return slash == std::string::npos ? value : value + folder.substr(slash);
}

std::vector<std::string> matches(const std::string& pattern) {
  std::vector<std::string> files;
  glob_t found{};
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) files.emplace_back(found.gl_pathv[i]);
  globfree(&found);
  return files;
}

/// The file of this name beside the plug-in, or program, that this code is part of; empty where there is none.
std::string shipped(const std::string& soname) {
  static const char inside = 0;
  Dl_info own{};
  if (dladdr(&inside, &own) == 0 || own.dli_fname == nullptr) return {};
  const std::filesystem::path file = std::filesystem::path(own.dli_fname).parent_path() / soname;
  std::error_code ignored;
  return std::filesystem::exists(file, ignored) ? file.string() : std::string();
}

}  // namespace

bool ImportedLibrary::open(const std::string& file) {
  searched_.push_back(file);
  handle_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle_) return true;
  const char* why = dlerror();
  // A file that is there but does not load (a dependency of its own, another architecture) says more than "not found".
  if (why &&
      (file.find('/') != std::string::npos || !std::string_view(why).starts_with(names_.soname + ": cannot open")))
    refused_.emplace_back(why);
  return false;
}

void ImportedLibrary::load() {
  if (tried_) return;
  tried_ = true;
  const char* chosen = names_.variable.empty() ? nullptr : std::getenv(names_.variable.c_str());
  if (chosen && *chosen) {
    const std::filesystem::path path = chosen;
    std::error_code ignored;
    if (open(std::filesystem::is_directory(path, ignored) ? (path / names_.soname).string() : path.string())) return;
    missing_ = fmt::format(
        "{} not found: {} is set to {} ({})", names_.soname, names_.variable, chosen, fmt::join(refused_, "; "));
    return;
  }
  if (const std::string file = shipped(names_.soname); !file.empty() && open(file)) return;
  if (open(names_.soname)) return;
  for (const std::string& folder : names_.folders) {
    const std::string place = expanded(folder);
    if (place.empty()) continue;
    for (const std::string& file : matches(place + "/" + names_.soname))
      if (open(file)) return;
    searched_.push_back(place);
  }
  missing_ = fmt::format("{} not found (searched {}); {}",
                         names_.soname,
                         refused_.empty() ? fmt::format("the system's folders{}{}",
                                                        searched_.size() > 1 ? ", " : "",
                                                        fmt::join(searched_.begin() + 1, searched_.end(), ", "))
                                          : fmt::format("{}", fmt::join(refused_, "; ")),
                         names_.advice);
}

void* ImportedLibrary::function(const char* name) {
  load();
  if (!handle_) throw Unsupported(missing_);
  void* address = dlsym(handle_, name);
  if (!address) throw Unsupported(fmt::format("{} has no {}: another version is needed", path(), name));
  return address;
}

std::optional<std::string> ImportedLibrary::missing() {
  load();
  if (handle_) return std::nullopt;
  return missing_;
}

std::string ImportedLibrary::path() {
  load();
  if (!handle_) throw Unsupported(missing_);
  link_map* map = nullptr;
  if (dlinfo(handle_, RTLD_DI_LINKMAP, &map) != 0 || !map) return names_.soname;
  return map->l_name;
}

}  // namespace gpubench
