#include "harness/environment/container.hpp"

#include <cstdlib>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

/// Without what the machine of the test may have set.
class Container : public testing::Test {
 protected:
  void SetUp() override {
    unsetenv("KUBERNETES_SERVICE_HOST");
    unsetenv("SLURM_JOB_ID");
  }
  void TearDown() override { SetUp(); }
  std::string found() const { return container(folder / ""); }
  void put(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories((folder / path).parent_path());
    write_file(folder / path, text);
  }
  TemporaryFolder folder;
};

TEST_F(Container, ABareMachineHasNone) {
  put("proc/self/cgroup", "0::/user.slice/user-1000.slice\n");
  EXPECT_EQ(found(), "");
}

TEST_F(Container, EachLeavesItsMark) {
  for (const auto& [path, text, name] : {std::tuple(".dockerenv", "", "docker"),
                                         std::tuple("run/.containerenv", "", "podman"),
                                         std::tuple("proc/self/cgroup", "0::/docker/0123\n", "docker"),
                                         std::tuple("proc/self/cgroup", "0::/lxc/web\n", "lxc"),
                                         std::tuple("proc/self/cgroup", "0::/slurm/job_5\n", "slurm"),
                                         std::tuple("proc/self/cgroup", "0::/kubepods/pod1\n", "kubernetes")}) {
    put(path, text);
    EXPECT_EQ(found(), name) << path << " " << text;
    std::filesystem::remove(folder / path);
  }
}

TEST_F(Container, KubernetesAndSlurmSayItInTheEnvironment) {
  put(".dockerenv", "");
  setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1", 1);
  EXPECT_EQ(found(), "kubernetes");  // whatever runs its containers
  setenv("SLURM_JOB_ID", "5", 1);
  EXPECT_EQ(found(), "kubernetes, slurm");
}

}  // namespace
}  // namespace gpubench
