#include "kernels/training/network.hpp"

#include <gtest/gtest.h>

#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"
#include "kernels/training/step_plan.hpp"

namespace gpubench::training {
namespace {

TEST(Network, NamesItselfByModelModeBatchAndDevices) {
  EXPECT_EQ(small_network(Mode::amp_bf16, 8, 1).name(), "train/small/amp-bf16/b8/d1");
}

TEST(Network, WorkIsTheSumOfTheMatrixOperationsOfItsStep) {
  const Network network = small_network(Mode::fp32, 4, 1);
  oracle::OracleLayers layers;
  double flops = 0;
  for (const Node& node : plan_step(network, layers).nodes) flops += work(node.operation).flops;
  EXPECT_DOUBLE_EQ(network.work().flops, flops);
}

TEST(Network, AFinishedRowGetsItsFiguresFromTheMedian) {
  Network network = small_network(Mode::fp32, 10, 1);
  network.epoch_items = 1000;
  CaseResult row{.status = Status::ok, .samples_seconds = {0.5, 0.5}, .samples_taken = 2, .median_seconds = 0.5};
  network.describe(row);
  EXPECT_EQ(row.figure, "train.small.fp32.images_per_second.d1");
  EXPECT_EQ(row.figures[0], (std::pair<std::string, double>{"images_per_second", 20}));
  EXPECT_DOUBLE_EQ(row.epoch->seconds, 50);
  EXPECT_FALSE(row.epoch->measured);
}

TEST(Network, AMeasuredEpochIsTheSumOfItsSteps) {
  Network network = small_network(Mode::fp32, 10, 1);
  network.epoch_items = 30;
  network.full_epoch = true;
  CaseResult row{.status = Status::ok, .samples_seconds = {0.5, 0.5, 2}, .samples_taken = 3, .median_seconds = 0.5};
  network.describe(row);
  EXPECT_DOUBLE_EQ(row.epoch->seconds, 3);
  EXPECT_TRUE(row.epoch->measured);
}

}  // namespace
}  // namespace gpubench::training
