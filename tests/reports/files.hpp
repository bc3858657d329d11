#pragma once

#include <filesystem>
#include <string>

namespace gpubench {

/// tests/data/`name`.
std::filesystem::path golden_path(const std::string& name);
/// Fails the test unless `text` is what tests/data/`name` holds. What came instead is left in the build folder, to be
/// looked at and copied when it is right.
void expect_golden(const std::string& text, const std::string& name);

/// A folder of its own for a test, removed with what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder(TemporaryFolder&&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

std::string text_of_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace gpubench
