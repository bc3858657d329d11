#include "harness/devices/cuda/vendor_libraries.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace gpubench::cuda {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

TEST(VendorLibraries, WheelsOfEveryPythonOnThePathAreLookedAt) {
  const std::filesystem::path prefix = std::filesystem::path(::testing::TempDir()) / "a_python";
  std::filesystem::create_directories(prefix / "bin");
  std::ofstream(prefix / "bin" / "python3") << "\n";
  const auto folders = library_folders((prefix / "bin").string() + ":/nothing/here", "/fetched");
  EXPECT_EQ(folders.front(), "/fetched");
  EXPECT_THAT(folders, Contains((prefix / "lib/python3*/site-packages/nvidia/*/lib").string()));
  EXPECT_THAT(folders, Contains("$CONDA_PREFIX/lib"));
  EXPECT_THAT(folders, Not(Contains(HasSubstr("/nothing/here"))));
}

TEST(VendorLibraries, OneThatIsMissingIsASentenceAndTheOthersAreFound) {
  setenv("GPUBENCH_CUDNN", "/nowhere/libcudnn.so.9", 1);
  const std::vector<Library> libraries = vendor_libraries();
  unsetenv("GPUBENCH_CUDNN");
  ASSERT_EQ(libraries.size(), 4U);
  for (const Library& library : libraries)
    EXPECT_NE(library.path.empty(), library.missing.empty()) << library.name << " is either there or missing";
  EXPECT_EQ(libraries[1].name, "cuDNN");
  EXPECT_THAT(libraries[1].missing, AllOf(HasSubstr("GPUBENCH_CUDNN"), HasSubstr("/nowhere/libcudnn.so.9")));
}

}  // namespace
}  // namespace gpubench::cuda
