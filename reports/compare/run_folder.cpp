#include "reports/compare/run_folder.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

namespace fs = std::filesystem;

bool is_run_file(const fs::directory_entry& entry) {
  if (!entry.is_regular_file()) return false;
  const std::string name = entry.path().filename().string();
  if (name.ends_with(".journal")) return !fs::exists(entry.path().string().substr(0, entry.path().string().size() - 8));
  return name.ends_with(".json");
}

}  // namespace

std::vector<fs::path> run_files_in(const fs::path& folder) {
  std::vector<fs::path> files;
  try {
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (is_run_file(entry)) files.push_back(entry.path());
  } catch (const fs::filesystem_error& error) {
    throw UsageError(fmt::format("{}: cannot read the folder: {}", folder.string(), error.code().message()));
  }
  if (files.empty())
    throw UsageError(fmt::format("{}: a folder without run files (*.json, *.journal)", folder.string()));
  std::ranges::sort(files);
  return files;
}

}  // namespace gpubench
