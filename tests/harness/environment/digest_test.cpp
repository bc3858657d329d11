#include "harness/environment/digest.hpp"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "harness/environment/build_info.hpp"
#include "tests/reports/example_gpus.hpp"
#include "tests/reports/example_run.hpp"

namespace gpubench {
namespace {

/// The digest after something changed.
std::string after(const std::function<void(Context&)>& change) {
  Context context = example::context();
  change(context);
  return digest(context);
}

DeviceInfo gpu(const std::string& model) { return {.id = "cuda:0", .kind = "cuda", .model = model}; }

TEST(Digest, IsTheSha256OfItsText) {
  EXPECT_EQ(digest_text(example::context()), "cpu Intel(R) Xeon(R) Processor\nusable cpus 2\nisa avx512_core_amx\n");
  // printf 'cpu Intel(R) ...\nusable cpus 2\nisa avx512_core_amx\n' | sha256sum
  EXPECT_EQ(digest(example::context()), "0286083469c6e5ce6d8be01b5c685c6f15c2aea8d801127d4fd83a562bb52ac5");
}

TEST(Digest, ChangesWithWhatMustBeEqual) {
  const std::string before = digest(example::context());
  EXPECT_NE(after([](Context& c) { c.host.cpu_model = "AMD EPYC"; }), before);
  EXPECT_NE(after([](Context& c) { c.host.usable_cpus = 3; }), before);
  EXPECT_NE(after([](Context& c) { c.devices[0].isa = "avx2"; }), before);
  EXPECT_NE(after([](Context& c) { c.devices.push_back(gpu("H100")); }), before);
}

TEST(Digest, CountsDevicesAndDoesNotCareAboutTheirOrder) {
  const auto with = [](std::vector<DeviceInfo> gpus) {
    return after([&gpus](Context& c) { c.devices.insert(c.devices.end(), gpus.begin(), gpus.end()); });
  };
  EXPECT_NE(with({gpu("H100")}), with({gpu("H100"), gpu("H100")}));
  EXPECT_EQ(with({gpu("H100"), gpu("A100")}), with({gpu("A100"), gpu("H100")}));
}

/// Of eight H100 a run uses the first two.
Context with_gpus() {
  Context context = example::context();
  context.gpus = example::dgx_h100();
  for (const int i : {0, 1})
    context.devices.push_back({.id = "cuda:" + std::to_string(i),
                               .kind = "cuda",
                               .model = context.gpus->gpus.at(static_cast<std::size_t>(i)).name,
                               .uuid = context.gpus->gpus.at(static_cast<std::size_t>(i)).uuid});
  return context;
}

TEST(Digest, HasTheSettingsOfTheGpusThatTheRunUsed) {
  EXPECT_TRUE(
      digest_text(with_gpus())
          .ends_with("isa avx512_core_amx\n2 x cuda NVIDIA H100 80GB HBM3, mig off, power limit 700 W, sm clock "
                     "- of 1980 MHz, memory clock - of 2619 MHz, ecc on\n"))
      << digest_text(with_gpus());
  const std::string before = digest(with_gpus());
  const auto after = [](std::size_t index, const std::function<void(Gpu&)>& change) {
    Context context = with_gpus();
    change(context.gpus->gpus.at(index));
    return digest(context);
  };
  EXPECT_NE(after(1, [](Gpu& gpu) { gpu.mig = true; }), before);
  EXPECT_NE(after(1, [](Gpu& gpu) { gpu.power_limit_watts = 500; }), before);
  EXPECT_NE(after(1, [](Gpu& gpu) { gpu.sm_clock_application = 1410e6; }), before);
  EXPECT_NE(after(1, [](Gpu& gpu) { gpu.memory_clock_application = 1593e6; }), before);
  EXPECT_NE(after(1, [](Gpu& gpu) { gpu.ecc = false; }), before);
  EXPECT_EQ(after(2, [](Gpu& gpu) { gpu.ecc = false; }), before);  // not one of them
  EXPECT_EQ(after(1, [](Gpu& gpu) { gpu.celsius = 80; }), before);
  EXPECT_EQ(after(1, [](Gpu& gpu) { gpu.power_limit_watts = 700.2; }), before);
}

TEST(Digest, FindsTheGpuOfAnInstance) {
  Context context = with_gpus();
  context.devices.back().uuid = "MIG-a";
  const std::string unknown = digest_text(context);
  context.gpus->gpus[5].mig_devices = {"MIG-a"};
  EXPECT_NE(digest_text(context), unknown);
}

TEST(Digest, OfAMachineWithoutGpusStaysWhatItWas) {
  EXPECT_EQ(after([](Context& c) { c.gpus = example::no_driver(); }), digest(example::context()));
  EXPECT_EQ(after([](Context& c) { c.gpus = example::dgx_h100(); }), digest(example::context()));  // a run on its CPU
}

TEST(Digest, DoesNotChangeWithConditions) {
  const std::string before = digest(example::context());
  EXPECT_EQ(after([](Context& c) { c.devices[0].libraries[0].version = "3.1.1"; }), before);
  EXPECT_EQ(after([](Context& c) { c.host.name = "node8"; }), before);
  EXPECT_EQ(after([](Context& c) { c.host.load_average = {9, 9, 9}; }), before);
  EXPECT_EQ(after([](Context& c) { c.build.commit = "abcdef"; }), before);
  EXPECT_EQ(after([](Context& c) { c.start = "2027-01-01T00:00:00Z"; }), before);
}

TEST(BuildInfo, SaysWhatWasBuiltAndHow) {
  const Build build = build_info();
  EXPECT_EQ(build.version, GPUBENCH_VERSION);
  EXPECT_FALSE(build.compiler.empty());
  EXPECT_FALSE(build.type.empty());
}

}  // namespace
}  // namespace gpubench
