#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/devices/cpu/cpu_device.hpp"
#include "harness/devices/cpu/onednn_api.hpp"
#include "kernels/training/onednn/layers.hpp"
#include "kernels/training/onednn/support.hpp"
#include "kernels/training/small_network.hpp"

// A program of its own: a library once found stays found.
namespace gpubench {
namespace {

class MissingLibrary : public testing::Test {
 protected:
  static void SetUpTestSuite() { setenv("GPUBENCH_ONEDNN", "/nonexistent", 1); }
};

TEST_F(MissingLibrary, IsASentenceOfTheDevice) {
  const DeviceInfo info = CpuDevice().info();
  ASSERT_EQ(info.libraries.size(), 1U);
  EXPECT_NE(info.libraries[0].missing.find("GPUBENCH_ONEDNN is set to /nonexistent"), std::string::npos)
      << info.libraries[0].missing;
  EXPECT_TRUE(info.isa.empty());
}

TEST_F(MissingLibrary, IsWhyNoModeCanBeTrained) {
  const auto reason = training::onednn::why_not(training::small_network(Mode::fp32, 1, 1));
  ASSERT_TRUE(reason.has_value());
  EXPECT_TRUE(reason->starts_with("libdnnl.so.")) << *reason;
}

TEST_F(MissingLibrary, IsUnsupportedNotBroken) { EXPECT_THROW(training::OneDnnLayers(), Unsupported); }

TEST_F(MissingLibrary, OfTheSystemNamesWhereItLooked) {
  ImportedLibrary library({.soname = "libgpubench-none.so.7",
                           .folders = {"/opt/none", "$GPUBENCH_NO_SUCH_VARIABLE/lib"},
                           .advice = "install it"});
  EXPECT_EQ(library.missing(),
            "libgpubench-none.so.7 not found (searched the system's folders, /opt/none); install it");
  EXPECT_THROW(library.function("f"), Unsupported);
}

TEST(ImportedLibrary, FindsALibraryOfTheSystem) {
  ImportedLibrary library({.soname = "libm.so.6"});
  EXPECT_EQ(library.missing(), std::nullopt);
  EXPECT_TRUE(library.path().ends_with("libm.so.6"));
  EXPECT_NE(library.function("cos"), nullptr);
  EXPECT_THROW(library.function("no_such_function"), Unsupported);
}

}  // namespace
}  // namespace gpubench
