#include <algorithm>
#include <functional>

#include <gmock/gmock.h>

#include "reports/doctor.hpp"
#include "reports/gpu_checks.hpp"
#include "tests/reports/example_gpus.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using enum CheckVerdict;

/// One check of eight H100 after something changed.
Check check_after(const std::string& name,
                  const std::function<void(GpuNode&)>& change,
                  const GpuSurroundings& surroundings = example::two_sockets()) {
  GpuNode node = example::dgx_h100();
  change(node);
  const Checks checks = gpu_software_checks(node, surroundings);
  const auto found = std::ranges::find(checks, name, &Check::name);
  EXPECT_NE(found, checks.end()) << name;
  return found == checks.end() ? Check{} : *found;
}

TEST(GpuSoftwareChecks, ADriverOlderThanTheGpuIsAnError) {
  const auto with = [](const char* driver, int cuda, const char* capability) {
    return check_after("driver", [&](GpuNode& node) {
      node.driver = driver;
      node.driver_cuda = cuda;
      for (Gpu& gpu : node.gpus) gpu.compute_capability = capability;
    });
  };
  EXPECT_EQ(with("525.85.12", 12000, "9.0").verdict, ok);
  EXPECT_EQ(with("515.48.07", 11070, "9.0").verdict, error);
  EXPECT_THAT(with("515.48.07", 11070, "9.0").needed, HasSubstr("R525 or later, with CUDA 11.8"));
  EXPECT_EQ(with("515.48.07", 11070, "8.0").verdict, ok);
  EXPECT_EQ(with("", 11070, "9.0").verdict, error);  // the CUDA that it carries tells as well
  EXPECT_EQ(with("", 11080, "9.0").verdict, ok);
  EXPECT_EQ(with("440.33.01", 10020, "8.0").verdict, error);
  EXPECT_THAT(with("440.33.01", 10020, "8.0").needed, HasSubstr("R450 or later, with CUDA 11.0"));
  EXPECT_THAT(with("440.33.01", 10020, "8.0").advice, HasSubstr("R580"));  // what this plug-in needs
}

TEST(GpuSoftwareChecks, ADriverOlderThanThePluginIsAnErrorThatNamesTheDriver) {
  const Check check = check_after("plug-in", [](GpuNode& node) {
    node.driver_cuda = 12040;
    node.why_not = "the NVIDIA driver carries CUDA 12.4, this plug-in needs 13.0: update the driver to R580 or later";
  });
  EXPECT_EQ(check.verdict, error);
  EXPECT_THAT(check.needed, HasSubstr("R580"));
  EXPECT_THAT(check.advice, HasSubstr("carries CUDA 12.4"));
  EXPECT_THAT(check.advice, HasSubstr("cuda12 would run"));
  // Within a major version any driver will do.
  EXPECT_EQ(check_after("plug-in",
                        [](GpuNode& node) {
                          node.driver_cuda = 12020;
                          node.plugin_cuda = 12090;
                        })
                .verdict,
            ok);
}

TEST(GpuSoftwareChecks, GpusThatCannotBeUsedAreAnErrorWithTheReasonOnce) {
  const Check check =
      check_after("plug-in", [](GpuNode& node) { node.why_not = "the driver's library and kernel module differ"; });
  EXPECT_EQ(check.verdict, error);
  EXPECT_EQ(check.advice, "the driver's library and kernel module differ");
  EXPECT_EQ(worst_of(gpu_software_checks(example::no_driver(), {})), ok);  // a machine without a GPU
  GpuNode idle = example::no_driver();
  idle.driver = "580.65.06";
  idle.nvml_missing.clear();
  EXPECT_EQ(worst_of(gpu_software_checks(idle, {})), ok);  // a driver without a GPU
}

TEST(GpuSoftwareChecks, GpusThatAreHiddenFromCudaAreCounted) {
  const auto with = [](int devices, const std::function<void(GpuNode&)>& change) {
    GpuSurroundings surroundings = example::two_sockets();
    surroundings.devices = devices;
    return check_after("visible GPUs", change, surroundings);
  };
  const auto as_it_is = [](GpuNode&) {};
  EXPECT_EQ(with(8, as_it_is).verdict, ok);
  EXPECT_EQ(with(7, as_it_is).verdict, warning);
  EXPECT_EQ(with(7, as_it_is).found, "7 of 8");
  EXPECT_THAT(with(7, as_it_is).advice, HasSubstr("CUDA_VISIBLE_DEVICES"));
  EXPECT_EQ(with(7, [](GpuNode& node) { node.gpus[6].lost = "gone"; }).verdict, ok);  // that is told elsewhere
  EXPECT_EQ(with(1, [](GpuNode& node) { node.gpus[6].mig = true; }).verdict, ok);
}

TEST(GpuSoftwareChecks, ALibraryOfAnotherCudaIsAnError) {
  const auto with = [](std::size_t library, const char* version, const char* path) {
    const std::string name = example::dgx_h100().libraries.at(library).name;
    return check_after(name, [&](GpuNode& node) {
      node.libraries[library].version = version;
      node.libraries[library].path = path;
    });
  };
  EXPECT_EQ(with(0, "12.8.4", "/opt/libcublasLt.so.12").verdict, error);
  EXPECT_EQ(with(0, "13.1.0", "/opt/libcublasLt.so.13").verdict, ok);
  EXPECT_EQ(with(1, "9.19.0, CUDA 12.9", "/opt/libcudnn.so.9").verdict, error);
  EXPECT_EQ(with(1, "9.19.0", "/opt/libcudnn.so.9").verdict, ok);  // its own version is no CUDA's
  EXPECT_EQ(with(2, "2.28.9+cuda12.9", "/opt/libnccl.so.2").verdict, error);
  EXPECT_THAT(with(2, "2.28.9+cuda12.9", "/opt/libnccl.so.2").advice, HasSubstr("made for CUDA 12"));
}

TEST(GpuSoftwareChecks, AMissingLibraryTakesItsOwnCasesOnly) {
  const auto missing = [](GpuNode& node) {
    for (Library& library : node.libraries) library.missing = library.name + " not found; install it";
  };
  EXPECT_EQ(check_after("cuDNN", missing).verdict, warning);
  EXPECT_THAT(check_after("cuDNN", missing).advice, HasSubstr("cuDNN not found; install it"));
  EXPECT_EQ(check_after("NCCL", missing).verdict, warning);
  EXPECT_EQ(check_after("CUPTI", missing).verdict, ok);
  const auto missing_with_one_gpu = [&](GpuNode& node) {
    missing(node);
    node.gpus.resize(1);
  };
  EXPECT_EQ(check_after("NCCL", missing_with_one_gpu).verdict, ok);
  EXPECT_EQ(check_after("NVML", [](GpuNode& node) { node.nvml_missing = "no NVML here"; }).verdict, warning);
}

TEST(GpuSoftwareChecks, SharedMemoryIsForSeveralGpus) {
  const GpuSurroundings docker{
      .numa_nodes = 1, .container = "docker", .shared_memory = {.bytes = 64 << 20, .locked = 8 << 20}};
  GpuSurroundings host = docker;
  host.container.clear();
  const auto as_it_is = [](GpuNode&) {};
  const auto one = [](GpuNode& node) { node.gpus.resize(1); };
  EXPECT_EQ(check_after("shared memory", as_it_is, docker).verdict, warning);
  EXPECT_THAT(check_after("shared memory", as_it_is, docker).advice, HasSubstr("--shm-size=1g"));
  EXPECT_THAT(check_after("shared memory", as_it_is, host).advice, Not(HasSubstr("docker")));
  EXPECT_EQ(check_after("shared memory", one, docker).verdict, ok);
  EXPECT_EQ(check_after("shared memory", one, docker).found, "64 MiB");
  EXPECT_EQ(check_after("locked memory", as_it_is, docker).verdict, warning);
  EXPECT_EQ(check_after("locked memory", as_it_is, host).verdict, ok);
}

TEST(GpuSoftwareChecks, LibraryChecksDoNotSayItAgain) {
  const GpuNode there = example::dgx_h100();
  const std::vector<DeviceInfo> devices = {
      {.id = "cpu", .kind = "cpu", .libraries = {{.name = "oneDNN", .version = "3.2", .path = "/x"}}},
      {.id = "cuda:0", .kind = "cuda", .libraries = there.libraries},
      {.id = "cuda:1", .kind = "cuda", .libraries = there.libraries}};
  const Checks told = library_checks(devices, {"cuda12: not built"}, there);
  ASSERT_EQ(told.size(), 4U) << doctor_text(told);
  EXPECT_EQ(told[1].found, "cuda:0, cuda:1");
  EXPECT_EQ(told[2].name, "oneDNN");
  EXPECT_EQ(told[3].name, "back-end cuda12");
  const std::string why = example::no_driver().why_not;
  EXPECT_EQ(library_checks({devices[0]}, {"cuda13: " + why, "cuda12: " + why}, example::no_driver()).size(), 2U);
  // Where nothing can run at all it stays an error.
  const Checks nothing = library_checks({}, {"cuda13: " + why}, example::no_driver());
  EXPECT_EQ(nothing.at(0).name, "back-end cuda13");
  EXPECT_EQ(nothing.at(0).verdict, error);
}

}  // namespace
}  // namespace gpubench
