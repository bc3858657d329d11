#include "reports/reference/sku.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gpubench {
namespace {

using ::testing::HasSubstr;

constexpr double gib = 1024.0 * 1024 * 1024;

SkuMatch matched(const std::string& name, double memory_gib) { return match_sku(name, memory_gib * gib, references()); }

TEST(Sku, IsToldFromNameAndMemory) {
  const auto expect = [](const std::string& name, double memory_gib, const std::string& id) {
    const SkuMatch match = matched(name, memory_gib);
    ASSERT_NE(match.reference, nullptr) << name << ": " << match.remark;
    EXPECT_EQ(match.reference->id, id) << name;
    EXPECT_TRUE(match.sure) << name;
    EXPECT_EQ(match.remark, "");
  };
  expect("NVIDIA A100-SXM4-40GB", 39.4, "a100_sxm4_40gb");
  expect("NVIDIA A100-SXM4-80GB", 79.15, "a100_sxm4_80gb");
  expect("NVIDIA A100 80GB PCIe", 80, "a100_pcie_80gb");
  expect("A100-PCIE-40GB", 39.4, "a100_pcie_40gb");
  expect("NVIDIA H100 80GB HBM3", 79.6, "h100_sxm5_80gb");
  expect("NVIDIA H100 PCIe", 79.6, "h100_pcie_80gb");
  expect("NVIDIA H100 NVL", 93.6, "h100_nvl_94gb");
  expect("NVIDIA H200", 140.4, "h200_sxm_141gb");
  expect("NVIDIA B200", 179, "b200_hgx_180gb");
  expect("NVIDIA GeForce RTX 4090", 24, "rtx_4090_24gb");
  expect("Tesla V100-SXM2-16GB", 15.8, "v100_sxm2");
  expect("Tesla V100-SXM2-32GB", 31.7, "v100_sxm2");
  expect("Tesla T4", 14.6, "t4_16gb");
}

TEST(Sku, OtherCardsOfTheFamilyAreNotIt) {
  for (const char* name : {"NVIDIA H200 NVL", "NVIDIA GH200 480GB", "NVIDIA A800-SXM4-80GB", "NVIDIA H20", "A100X"}) {
    const SkuMatch match = matched(name, 80);
    EXPECT_EQ(match.reference, nullptr) << name;
    EXPECT_THAT(match.remark, HasSubstr("no reference fits")) << name;
  }
}

TEST(Sku, AnUnknownNameIsNotSure) {
  const SkuMatch match = matched("NVIDIA A100-SXM-80GB-custom A100 SXM", 80);
  ASSERT_NE(match.reference, nullptr);
  EXPECT_EQ(match.reference->id, "a100_sxm4_80gb");
  EXPECT_FALSE(match.sure);
  EXPECT_THAT(match.remark, HasSubstr("not sure"));
}

TEST(Sku, TwoThatFitAreBothNamed) {
  const SkuMatch match = matched("NVIDIA H100 80GB", 79.6);
  EXPECT_EQ(match.reference, nullptr);
  EXPECT_THAT(match.remark, HasSubstr("may be h100_pcie_80gb or h100_sxm5_80gb"));
}

TEST(Sku, ASliceIsTakenForItsGpuAndSaysSo) {
  const SkuMatch match = matched("NVIDIA A100-SXM4-80GB MIG 1g.10gb", 9.5);
  ASSERT_NE(match.reference, nullptr);
  EXPECT_EQ(match.reference->id, "a100_sxm4_80gb");
  EXPECT_FALSE(match.sure);
  EXPECT_THAT(match.remark, HasSubstr("it tells 10 GiB, the datasheet 80 GB: a slice"));
}

}  // namespace
}  // namespace gpubench
