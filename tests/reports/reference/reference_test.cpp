#include "reports/reference/reference.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "reports/reference/reference_text.hpp"
#include "reports/schema_problems.hpp"
#include "tests/reports/files.hpp"

namespace gpubench {
namespace {

using ::testing::HasSubstr;

double sheet(const std::string& id, const std::string& figure) { return find_reference(id)->sheet(figure)->value; }

TEST(Reference, EveryOneThatShipsFollowsTheSchema) {
  const std::string schema = text_of_file(GPUBENCH_REFERENCE_SCHEMA);
  for (const auto& [id, text] : reference_texts()) {
    EXPECT_EQ(schema_problems(Json::parse(text), schema), std::vector<std::string>{}) << id;
    ASSERT_NE(find_reference(id), nullptr) << id << " has another id inside";
  }
  EXPECT_EQ(references().size(), 19U);
}

TEST(Reference, PeaksAreDenseAndAtTheirClock) {
  EXPECT_DOUBLE_EQ(sheet("a100_sxm4_80gb", "peak_bf16"), 312);
  EXPECT_DOUBLE_EQ(sheet("h100_sxm5_80gb", "peak_bf16"), 989.4);
  EXPECT_DOUBLE_EQ(*find_reference("h100_sxm5_80gb")->sheet("peak_bf16")->at_mhz, 1830);
  EXPECT_DOUBLE_EQ(*find_reference("h100_sxm5_80gb")->sheet("peak_fp32")->at_mhz, 1980);
  EXPECT_EQ(find_reference("a100_sxm4_80gb")->sheet("peak_fp8"), nullptr);
}

/// FP32: two operations a core and clock, within what sheets round.
TEST(Reference, Fp32PeaksFollowFromCoresAndClock) {
  int checked = 0;
  for (const Reference& one : references()) {
    const SheetValue *cores = one.sheet("cuda_cores"), *clock = one.sheet("boost_clock"),
                     *peak = one.sheet("peak_fp32");
    if (cores == nullptr || clock == nullptr) continue;
    EXPECT_NEAR(cores->value * 2 * clock->value / 1e6 / peak->value, 1, 0.02) << one.id;
    ++checked;
  }
  EXPECT_GE(checked, 12);
}

/// Tensor Cores: 1024 multiply-adds a multiprocessor and clock in Ampere (A100), 2048 in Hopper.
TEST(Reference, TensorPeaksFollowFromMultiprocessorsAndClock) {
  const auto by_hand = [](const std::string& id, double multiply_adds) {
    return sheet(id, "multiprocessors") * multiply_adds * 2 * *find_reference(id)->sheet("peak_bf16")->at_mhz / 1e6;
  };
  EXPECT_NEAR(by_hand("a100_sxm4_80gb", 1024), 312, 0.5);
  EXPECT_NEAR(by_hand("h100_sxm5_80gb", 2048), 989.4, 0.5);
  EXPECT_NEAR(by_hand("h100_pcie_80gb", 2048), 756, 1);
}

TEST(Reference, EveryPublishedValueNamesItsSource) {
  int values = 0;
  for (const Reference& one : references())
    for (const Published& published : one.published) {
      EXPECT_FALSE(published.source.empty() || published.where.empty() || published.unit.empty()) << one.id;
      ++values;
    }
  EXPECT_EQ(values, 958);
}

TEST(Reference, DerivedGainsAreTheQuotientsOfTheirRows) {
  const Reference& a100 = *find_reference("a100_sxm4_80gb");
  const auto value = [&](const std::string& figure) {
    for (const Published& one : a100.published)
      if (one.figure == figure && one.workload == "resnet50_v1.5_train_imagenet_pytorch") return one.value;
    return std::nan("");
  };
  EXPECT_NEAR(value("train.resnet50.amp-fp16-over-tf32.gain.d1"),
              value("train.resnet50.amp-fp16.images_per_second.d1") / value("train.resnet50.tf32.images_per_second.d1"),
              1e-3);
}

TEST(Reference, ClaimsAreMarkedWithTheirDoubt) {
  int claims = 0;
  for (const Reference& one : references())
    for (const Claim& claim : one.claims) {
      EXPECT_FALSE(claim.doubt.empty()) << claim.claim;
      ++claims;
    }
  EXPECT_EQ(claims, 50);
  EXPECT_THAT(reference_text(*find_reference("claims"), 100), HasSubstr("never compared with"));
}

TEST(Reference, ShowsDatasheetSourcesAndWhatWasNotRead) {
  const std::string text = reference_text(*find_reference("h100_nvl_94gb"), 100);
  EXPECT_THAT(text, HasSubstr("peak bf16 *"));
  EXPECT_THAT(text, HasSubstr("* not read on a named source"));
  EXPECT_THAT(reference_text(*find_reference("a100_sxm4_80gb"), 100), HasSubstr("Published by stas00/ml-engineering"));
  EXPECT_THAT(reference_list_text(references()), HasSubstr("a100_sxm4_80gb"));
}

TEST(Reference, AFileOfOnesOwnIsReadAndCheckedLikeOurs) {
  const TemporaryFolder folder;
  Json json = Json::parse(reference_texts().front().second);
  json["id"] = "mine";
  write_file(folder / "mine.json", json.dump());
  EXPECT_EQ(read_reference(folder / "mine.json").id, "mine");
  json["published"][0]["value"] = 0;
  write_file(folder / "mine.json", json.dump());
  try {
    read_reference(folder / "mine.json");
    FAIL() << "a value of 0 is no rate";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("mine.json: /published/0/value: more than 0 is needed"));
  }
}

}  // namespace
}  // namespace gpubench
