#include "tests/reports/files.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <gtest/gtest.h>

namespace gpubench {

std::filesystem::path golden_path(const std::string& name) { return std::filesystem::path(GPUBENCH_TEST_DATA) / name; }

void expect_golden(const std::string& text, const std::string& name) {
  const bool there = std::filesystem::exists(golden_path(name));
  if (there && text == text_of_file(golden_path(name))) return;
  const std::filesystem::path came = std::filesystem::path(GPUBENCH_TEST_OUTPUT) / name;
  std::filesystem::create_directories(came.parent_path());
  write_file(came, text);
  EXPECT_EQ(text, there ? text_of_file(golden_path(name)) : "") << "see " << came;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "gpubench-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace gpubench
