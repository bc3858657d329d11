#include "harness/devices/cuda/cudnn/notes.hpp"

#include <gtest/gtest.h>

namespace gpubench::cudnn {
namespace {

using enum NumericalNote;

TEST(CudnnNotes, TensorCoresAreAgainstFp32AndNothingElse) {
  EXPECT_EQ(against(Precision::fp32, {strict_nan, tensor_cores}), tensor_cores);
  for (const Precision precision : {Precision::tf32, Precision::fp16, Precision::bf16})
    EXPECT_EQ(against(precision, {tensor_cores}), std::nullopt);
}

TEST(CudnnNotes, OtherSumsThanTheProblemsAreAgainstEveryPrecision) {
  for (const Precision precision : {Precision::fp32, Precision::tf32, Precision::fp16, Precision::bf16}) {
    for (const NumericalNote note : {down_converted_inputs,
                                     reduced_precision_reduction,
                                     fft,
                                     winograd,
                                     winograd_4x4,
                                     winograd_6x6,
                                     winograd_13x13})
      EXPECT_EQ(against(precision, {note}), note);
    EXPECT_EQ(against(precision, {not_deterministic, strict_nan}), std::nullopt);
  }
}

TEST(CudnnNotes, HaveATextEachAndANumberWhereTheyAreNewer) {
  EXPECT_EQ(text_of(not_deterministic), "not deterministic");
  EXPECT_EQ(text_of(BehaviorNote::cublaslt), "uses cuBLASLt");
  EXPECT_EQ(text_of(Knob{2}), "tile size");
  EXPECT_EQ(text_of(Knob{43}), "swap ab");
  EXPECT_EQ(text_of(Knob{99}), "knob 99");
  EXPECT_EQ(text_of(NumericalNote{50}), "numerical note 50");
}

}  // namespace
}  // namespace gpubench::cudnn
