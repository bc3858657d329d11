#pragma once

#include <filesystem>
#include <string>

#include "tests/reports/files.hpp"

namespace gpubench {

/// A machine made of files: what the kernel would show under `/`.
class FakeMachine {
 public:
  void put(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    write_file(folder_ / path, text);
  }
  std::filesystem::path root() const { return folder_ / ""; }

 private:
  TemporaryFolder folder_;
};

}  // namespace gpubench
