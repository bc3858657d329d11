#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace gpubench::cpu {

/// A folder that plays the root of a machine: files as the test writes them, gone with the object.
class FileTree {
 public:
  FileTree() {
    std::string name = (std::filesystem::temp_directory_path() / "gpubench-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~FileTree() { std::filesystem::remove_all(root_); }
  FileTree(const FileTree&) = delete;
  FileTree& operator=(const FileTree&) = delete;

  const std::filesystem::path& root() const { return root_; }
  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text;
  }

 private:
  std::filesystem::path root_;
};

}  // namespace gpubench::cpu
