#include "harness/app/selection.hpp"

#include <gmock/gmock.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

using ::testing::ElementsAre;

const Hello gpus_and_cpu{.devices = {{.id = "cuda:0", .kind = "cuda", .uuid = "GPU-a"},
                                     {.id = "cuda:1", .kind = "cuda", .uuid = "GPU-b"},
                                     {.id = "cpu", .kind = "cpu"}}};
const Hello only_cpu{.devices = {{.id = "cpu", .kind = "cpu"}}, .absent = {"cuda13: no NVIDIA driver"}};

TEST(Selection, AutoIsEveryGpuOrElseTheCpu) {
  EXPECT_THAT(chosen_devices(gpus_and_cpu, "auto"), ElementsAre("cuda:0", "cuda:1"));
  EXPECT_THAT(chosen_devices(only_cpu, "auto"), ElementsAre("cpu"));
}

TEST(Selection, ADeviceIsNamedByIdKindOrUuid) {
  EXPECT_THAT(chosen_devices(gpus_and_cpu, "cuda:1"), ElementsAre("cuda:1"));
  EXPECT_THAT(chosen_devices(gpus_and_cpu, "GPU-a"), ElementsAre("cuda:0"));
  EXPECT_THAT(chosen_devices(gpus_and_cpu, "cpu"), ElementsAre("cpu"));
  EXPECT_EQ(chosen_devices(gpus_and_cpu, "all").size(), 3U);
}

TEST(Selection, ADeviceThatIsNotThereIsRefusedWithTheReason) {
  try {
    chosen_devices(only_cpu, "cuda");
    FAIL() << "there is no CUDA device";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "there is no device cuda; there are: cpu (cuda13: no NVIDIA driver)");
  }
}

TEST(Selection, ACaseInTwoSuitesRunsOnce) {
  const Candidate one{.row = {.run_name = "a", .suite = "x", .device = "cpu"}};
  Candidate again = one;
  again.row.suite = "y";
  const auto chosen = chosen_cases({one, again}, only_cpu, {.suites = {"x", "y"}});
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_EQ(chosen[0].row.suite, "x");
  EXPECT_EQ(chosen[0].row.name, "a");
}

TEST(Selection, APatternThatIsAWholeNameNamesTheCaseInFull) {
  const std::vector<Candidate> chosen{{.row = {.run_name = "a/b"}}, {.row = {.run_name = "a/b/c"}}};
  EXPECT_THAT(named_in_full(chosen, {.pattern = "a/b"}), ElementsAre("a/b"));
  EXPECT_THAT(named_in_full(chosen, {.pattern = "a/.*"}), ElementsAre());
}

}  // namespace
}  // namespace gpubench
