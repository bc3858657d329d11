#include "reports/amp_gain.hpp"

#include <gtest/gtest.h>

namespace gpubench {
namespace {

CaseResult step(const std::string& mode, std::vector<Part> parts) {
  return {.precision = mode, .status = Status::ok, .parts = std::move(parts)};
}

Part part(const std::string& kind, double seconds) { return {.kind = kind, .seconds = seconds}; }

TEST(AmpGain, NamesTheLargestPartThatGainsLittle) {
  const CaseResult fp32 = step("fp32", {part("convolution", 6), part("batch norm", 2), part("relu", 1)});
  const CaseResult amp = step("amp-bf16", {part("convolution", 2), part("batch norm", 2), part("relu", 0.9)});
  EXPECT_EQ(amp_gain_sentence(fp32, amp, 9 / 4.9),
            "The convolutions gain 3.0x, the step 1.8x: batch norm is 41 % of the bf16 step and gains nothing.");
}

TEST(AmpGain, ALittleGainIsGivenAsANumber) {
  const CaseResult fp32 = step("fp32", {part("linear", 8), part("attention", 2.6)});
  const CaseResult amp = step("amp-fp16", {part("linear", 2), part("attention", 2)});
  EXPECT_EQ(amp_gain_sentence(fp32, amp, 2.65),
            "The linear layers gain 4.0x, the step 2.6x: attention is 50 % of the fp16 step and gains 1.3x.");
}

TEST(AmpGain, NothingIsBlamedWhenEverythingGains) {
  const CaseResult fp32 = step("fp32", {part("convolution", 6), part("relu", 2)});
  const CaseResult amp = step("amp-bf16", {part("convolution", 2), part("relu", 1)});
  EXPECT_EQ(amp_gain_sentence(fp32, amp, 8 / 3.0), "The convolutions gain 3.0x, the bf16 step 2.7x.");
}

TEST(AmpGain, PassesOfOneKindAreOnePart) {
  const CaseResult fp32 = step("fp32", {part("convolution", 3), part("convolution", 3), part("batch norm", 2)});
  const CaseResult amp = step("amp-bf16", {part("convolution", 1), part("convolution", 1), part("batch norm", 2)});
  EXPECT_NE(amp_gain_sentence(fp32, amp, 2).find("batch norm is 50 %"), std::string::npos);
}

TEST(AmpGain, WhatOnlyOneStepHasIsPartOfTheStepButGainsNothing) {
  const CaseResult fp32 = step("fp32", {part("convolution", 6), part("batch norm", 1)});
  const CaseResult amp = step("amp-bf16", {part("convolution", 2), part("batch norm", 1), part("reorder", 1)});
  EXPECT_NE(amp_gain_sentence(fp32, amp, 1.75).find("batch norm is 25 %"), std::string::npos);
}

TEST(AmpGain, SlowerIsSaidWithWhatLosesMost) {
  const CaseResult fp32 = step("fp32", {part("convolution", 6), part("batch norm", 2)});
  const CaseResult amp = step("amp-bf16", {part("convolution", 9), part("batch norm", 2.1)});
  EXPECT_EQ(amp_gain_sentence(fp32, amp, 8 / 11.1),
            "amp-bf16 is slower than fp32 here (0.72x): its convolutions take 9.000 s, those of fp32 6.000 s.");
}

TEST(AmpGain, KindsThatAreManyLayersAreSpokenOfAsMany) {
  const CaseResult fp32 = step("fp32", {part("attention", 8), part("linear", 4)});
  const CaseResult amp = step("amp-bf16", {part("attention", 1), part("linear", 4)});
  EXPECT_EQ(amp_gain_sentence(fp32, amp, 2.4),
            "The attention gains 8.0x, the step 2.4x: linear layers are 80 % of the bf16 step and gain nothing.");
}

TEST(AmpGain, WithoutPartsOnlySlowerIsSaid) {
  EXPECT_EQ(amp_gain_sentence(step("fp32", {}), step("amp-bf16", {}), 2), "");
  EXPECT_EQ(amp_gain_sentence(step("fp32", {}), step("amp-bf16", {}), 0.72),
            "amp-bf16 is slower than fp32 here (0.72x).");
}

}  // namespace
}  // namespace gpubench
