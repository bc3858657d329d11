#include "kernels/gemm/gemm.hpp"

#include <bit>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "kernels/gemm/values.hpp"
#include "kernels/rotation.hpp"
#include "kernels/training/oracle/formats.hpp"

namespace gpubench {
namespace {

TEST(Gemm, NamesItself) {
  const Gemm gemm{.m = 4096, .n = 2048, .k = 1024, .format = Precision::bf16, .operands = Operands::tn};
  EXPECT_EQ(gemm.name(), "gemm/bf16/m4096n2048k1024/tn/hot");
  EXPECT_EQ(gemm.precision(), "bf16");
}

TEST(Gemm, NamesWhatIsNotAsUsual) {
  const Gemm usual{.m = 16, .n = 16, .k = 16, .format = Precision::bf16};
  Gemm fused = usual, searched = usual, sparse = usual, cold = usual, fp8 = usual;
  fused.epilogue = Epilogue::bias_gelu;
  fused.data = Distribution::zeros;
  searched.searched = true;
  sparse.sparse = true;
  cold.cache = CacheState::cold;
  fp8.format = Precision::fp8;
  fp8.accumulation = Accumulation::fast;
  EXPECT_EQ(fused.name(), "gemm/bf16/m16n16k16/nt/hot/bias-gelu/zeros");
  EXPECT_EQ(searched.name(), "gemm/bf16/m16n16k16/nt/hot/searched");
  EXPECT_EQ(sparse.name(), "gemm/bf16/m16n16k16/nt/hot/sparse24");
  EXPECT_EQ(cold.name(), "gemm/bf16/m16n16k16/nt/cold");
  EXPECT_EQ(fp8.name(), "gemm/fp8/m16n16k16/nt/hot/fast");
  CaseResult row;
  fused.describe(row);
  EXPECT_EQ(row.figure, "gemm.bf16.m16n16k16.nt.hot.bias-gelu.zeros.flops_per_second");
}

TEST(Gemm, CountsWhatAnEpilogueReadsAndWrites) {
  const auto bytes = [](Epilogue epilogue) {
    return Gemm{.m = 2, .n = 3, .k = 5, .format = Precision::bf16, .epilogue = epilogue}.work().bytes;
  };
  const double plain = 2 * (2 * 5 + 5 * 3 + 2 * 3);
  EXPECT_EQ(bytes(Epilogue::none), plain);
  EXPECT_EQ(bytes(Epilogue::bias), plain + 2 * 3);
  EXPECT_EQ(bytes(Epilogue::bias_gelu), plain + 2 * (3 + 2 * 3)) << "bias, and aux written";
  EXPECT_EQ(bytes(Epilogue::gelu_gradient), plain + 2 * (2 * 3 + 3)) << "aux read, and a sum for each column";
  EXPECT_EQ(bytes(Epilogue::bias_gradient), plain + 2 * 2) << "a sum for each row";
}

TEST(Gemm, ScalesSumsToWhereAnActivationBends) {
  EXPECT_EQ(alpha_of({.k = 4096}), 1);
  EXPECT_EQ(alpha_of({.k = 4096, .epilogue = Epilogue::bias_gelu}), 1.0 / 64);
  EXPECT_EQ(alpha_of({.k = 3072, .epilogue = Epilogue::gelu_gradient}), 1.0 / 64);
  EXPECT_EQ(alpha_of({.k = 4096, .epilogue = Epilogue::bias_gradient}), 1);
}

TEST(Gemm, CountsAnInt8ResultInFourBytes) {
  const Gemm gemm{.m = 2, .n = 3, .k = 5, .format = Precision::int8};
  EXPECT_EQ(gemm.work().flops, 2 * 2 * 3 * 5);
  EXPECT_EQ(gemm.work().bytes, 2 * 5 + 5 * 3 + 4 * 2 * 3);
}

TEST(Gemm, GivesOperationsForInt8AndFlopsForTheRest) {
  for (const auto& [format, figure] :
       {std::pair{Precision::int8, "operations_per_second"}, std::pair{Precision::fp32, "flops_per_second"}}) {
    CaseResult row{.status = Status::ok, .median_seconds = 0.5};
    Gemm{.m = 2, .n = 3, .k = 5, .format = format}.describe(row);
    ASSERT_EQ(row.figures.size(), 1U);
    EXPECT_EQ(row.figures[0].first, figure);
    EXPECT_EQ(row.figures[0].second, 120);
    EXPECT_EQ(row.cache, "rotated");
  }
}

TEST(OperandValues, AreOfTheFormatWithMeanZeroAndVarianceOne) {
  for (const Precision format : {Precision::fp32, Precision::bf16}) {
    const OperandValues values({.format = format}, Operand::a, 0);
    double sum = 0, squares = 0;
    constexpr int count = 20000;
    for (int i = 0; i < count; ++i) {
      const auto value = static_cast<double>(values.at(i));
      if (format == Precision::bf16) {
        ASSERT_EQ(value, training::oracle::to_bf16(value));
      }
      sum += value;
      squares += value * value;
    }
    EXPECT_NEAR(sum / count, 0, 0.03);
    EXPECT_NEAR(squares / count, 1, 0.03);
  }
}

TEST(OperandValues, OfInt8AreWholeNumbersUpTo127) {
  const OperandValues values({.format = Precision::int8}, Operand::a, 0);
  std::set<float> seen;
  for (int i = 0; i < 20000; ++i) seen.insert(values.at(i));
  EXPECT_EQ(*seen.begin(), -127);
  EXPECT_EQ(*seen.rbegin(), 127);
  EXPECT_EQ(seen.size(), 255U);
}

TEST(OperandValues, DifferBetweenOperandsAndSets) {
  const Gemm gemm;
  const float one = OperandValues(gemm, Operand::a, 0).at(7);
  EXPECT_NE(one, OperandValues(gemm, Operand::b, 0).at(7));
  EXPECT_NE(one, OperandValues(gemm, Operand::a, 1).at(7));
}

TEST(OperandValues, AreRoundedToBf16AsTheProcessorsDo) {
  EXPECT_EQ(bf16_bits(1.0F), 0x3f80U);
  EXPECT_EQ(bf16_bits(std::bit_cast<float>(0x3f808000)), 0x3f80U);  // a tie goes to the even one
  EXPECT_EQ(bf16_bits(std::bit_cast<float>(0x3f818000)), 0x3f82U);
}

TEST(Rotation, TakesEnoughSetsToGetPastTheCachesTwice) {
  EXPECT_EQ(Rotation::sets_past(256e6, 12e6), 43);  // 43 * 12 = 516 > 512
  EXPECT_EQ(Rotation::sets_past(256e6, 512e6), 2);  // more than twice, not just twice
  EXPECT_EQ(Rotation::sets_past(256e6, 600e6), 1);
}

TEST(Rotation, KnowsWhichSetsRanSinceItStartedOver) {
  Rotation rotation(3);
  EXPECT_EQ(rotation.take(), 0);
  EXPECT_EQ(rotation.take(), 1);
  EXPECT_EQ(rotation.ran(), 2);
  for (int i = 0; i < 5; ++i) rotation.take();
  EXPECT_EQ(rotation.ran(), 3);
  rotation.start_over();
  EXPECT_EQ(rotation.ran(), 0);
  EXPECT_EQ(rotation.take(), 0);
}

}  // namespace
}  // namespace gpubench
