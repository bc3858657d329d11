#include "kernels/gemm/gemm_kernel.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/kernels/gemm/plain_products.hpp"
#include "tests/kernels/silent.hpp"

namespace gpubench {
namespace {

/// Small enough that every element is likely to be looked at.
Gemm small(Precision format = Precision::fp32, Operands operands = Operands::nt) {
  return {.m = 5, .n = 7, .k = 33, .format = format, .operands = operands};
}

struct Found {
  Verification before{}, after{};
};
/// Verified, run a few times, and verified again.
Found verified(const Gemm& asked, std::unique_ptr<Products> products, int runs = 4) {
  Silent silent;
  const auto kernel = make_gemm_kernel(asked, std::move(products));
  kernel->allocate(silent);
  Found found{.before = kernel->verify(false, silent)};
  kernel->enqueue(runs);
  found.after = kernel->verify(true, silent);
  return found;
}

TEST(GemmKernel, RightProductsPassInEveryFormatAndOrder) {
  for (const Precision format : {Precision::fp32, Precision::bf16, Precision::fp16, Precision::int8})
    for (const Operands operands : all_operands) {
      const Gemm gemm = small(format, operands);
      const Found found = verified(gemm, std::make_unique<PlainProducts>(gemm));
      EXPECT_FALSE(found.before.mismatch) << gemm.name() << ": " << *found.before.mismatch;
      EXPECT_FALSE(found.after.mismatch) << gemm.name() << ": " << *found.after.mismatch;
      EXPECT_GE(found.before.checked, 3 * 2 + gemm.m * gemm.n) << "all of the first set, some of the others";
      EXPECT_EQ(found.before.scope, format == Precision::int8 ? "exact" : "sampled");
    }
}

TEST(GemmKernel, AWrongElementIsFound) {
  const Gemm gemm = small();
  const auto wrong = [](int, std::vector<double>& result) { result[17] *= 1.0001; };
  const Found found = verified(gemm, std::make_unique<PlainProducts>(gemm, wrong));
  ASSERT_TRUE(found.before.mismatch);
  EXPECT_NE(found.before.mismatch->find("element (2, 3)"), std::string::npos) << *found.before.mismatch;
}

TEST(GemmKernel, AnInt8SumThatIsOffByOneIsFound) {
  const Gemm gemm = small(Precision::int8);
  const auto wrong = [](int, std::vector<double>& result) { result.back() += 1; };
  EXPECT_TRUE(verified(gemm, std::make_unique<PlainProducts>(gemm, wrong)).before.mismatch);
}

TEST(GemmKernel, ANaNIsFound) {
  const Gemm gemm = small();
  const auto wrong = [](int, std::vector<double>& result) { result.front() = std::nan(""); };
  EXPECT_TRUE(verified(gemm, std::make_unique<PlainProducts>(gemm, wrong)).before.mismatch);
}

TEST(GemmKernel, OperandsTakenTheOtherWayRoundAreFound) {
  for (const Operands taken : {Operands::nn, Operands::tt, Operands::tn})
    EXPECT_TRUE(
        verified(small(Precision::fp32, Operands::nt), std::make_unique<PlainProducts>(small(Precision::fp32, taken)))
            .before.mismatch)
        << name(taken);
}

TEST(GemmKernel, ProductsInANarrowerFormatAreFound) {
  const Gemm gemm = small();
  const auto narrow = [](int, std::vector<double>& result) {
    for (double& one : result) one = training::oracle::to_bf16(one);
  };
  EXPECT_TRUE(verified(gemm, std::make_unique<PlainProducts>(gemm, narrow)).before.mismatch);
}

TEST(GemmKernel, ASetWhoseResultIsNotWrittenIsFound) {
  const Gemm gemm = small();
  const auto stale = [](int set, std::vector<double>& result) {
    if (set == 2) std::ranges::fill(result, std::nan(""));  // as spoil() left it
  };
  const Found found = verified(gemm, std::make_unique<PlainProducts>(gemm, stale));
  ASSERT_TRUE(found.before.mismatch);
  EXPECT_NE(found.before.mismatch->find("(set 3 of 3)"), std::string::npos) << *found.before.mismatch;
}

TEST(GemmKernel, TimedRunsThatWriteNothingAreFoundAfterThem) {
  struct Lazy : PlainProducts {
    using PlainProducts::PlainProducts;
    void run(int set) override {
      if (++runs_ <= 3) PlainProducts::run(set);  // those of the first check
    }
    int runs_ = 0;
  };
  const Found found = verified(small(), std::make_unique<Lazy>(small()));
  EXPECT_FALSE(found.before.mismatch);
  EXPECT_TRUE(found.after.mismatch);
}

TEST(GemmKernel, OnlySetsThatRanAreCheckedAfterwards) {
  const Gemm gemm = small();
  const Found found = verified(gemm, std::make_unique<PlainProducts>(gemm), 1);
  EXPECT_FALSE(found.after.mismatch) << *found.after.mismatch;
  EXPECT_EQ(found.after.checked, 2 + gemm.m * gemm.n);  // the corners twice
}

TEST(GemmKernel, OfManyElementsAtLeast256AreChecked) {
  const Gemm gemm{.m = 30, .n = 20, .k = 3};
  EXPECT_GE(verified(gemm, std::make_unique<PlainProducts>(gemm)).before.checked, 256);
}

TEST(GemmKernel, WholeTurnsAreEnqueuedAsOneAndTheOrderStays) {
  struct Recorded : PlainProducts {
    Recorded(const Gemm& gemm, std::vector<int>& order) : PlainProducts(gemm), order_(order) {}
    bool record_turn() override { return true; }
    void run(int set) override {
      order_.push_back(set);
      PlainProducts::run(set);
    }
    void run_turn() override {
      order_.push_back(-1);
      for (int set = 0; set < 3; ++set) PlainProducts::run(set);
    }
    std::vector<int>& order_;
  };
  Silent silent;
  std::vector<int> order;
  const auto kernel = make_gemm_kernel(small(), std::make_unique<Recorded>(small(), order));
  kernel->allocate(silent);
  ASSERT_FALSE(kernel->verify(false, silent).mismatch);
  order.clear();
  kernel->enqueue(7);  // two turns, and one more
  kernel->enqueue(6);  // what is left of that turn, a whole one, and one
  EXPECT_EQ(order, (std::vector{-1, -1, 0, 1, 2, -1, 0}));
  const Verification after = kernel->verify(true, silent);
  EXPECT_FALSE(after.mismatch) << *after.mismatch;
  EXPECT_GT(after.checked, 3 * 2) << "all sets ran";

  Gemm singly = small();
  singly.graphs = false;
  const auto other = make_gemm_kernel(singly, std::make_unique<Recorded>(singly, order));
  other->allocate(silent);
  ASSERT_FALSE(other->verify(false, silent).mismatch);
  order.clear();
  other->enqueue(4);
  EXPECT_EQ(order, (std::vector{0, 1, 2, 0}));
}

TEST(GemmKernel, KnowsItsMemoryAndSaysItsSets) {
  const auto kernel = make_gemm_kernel(small(), std::make_unique<PlainProducts>(small()));
  EXPECT_EQ(kernel->memory_bytes(), 3 * 1000 + 10);
  EXPECT_EQ(kernel->plan().at("sets of operands"), "3");
}

}  // namespace
}  // namespace gpubench
