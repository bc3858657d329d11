#include "harness/devices/cuda/graph.hpp"

#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/events.hpp"
#include "harness/devices/cuda/memory.hpp"
#include "kernels/launch/cuda/count.hpp"

namespace gpubench::cuda {
namespace {

class CudaGraph : public ::testing::Test {
 protected:
  CudaGraph() { set(0); }
  void set(std::uint64_t value) { copy_to_device(stream_.get(), counter_.data(), &value, sizeof(value)); }
  std::uint64_t counted() const {
    std::uint64_t value = 0;
    copy_to_host(stream_.get(), &value, counter_.data(), sizeof(value));
    return value;
  }
  void count_once() { count(stream_.get(), counter_.as<std::uint64_t>()); }

  Memory memory_{0};
  OwnedStream stream_{0};
  Memory::Block counter_ = memory_.take(sizeof(std::uint64_t));
};

TEST_F(CudaGraph, WhatIsRecordedRunsWhenItIsEnqueuedAndNotBefore) {
  const Graph graph(stream_.get(), [this] {
    count_once();
    count_once();
  });
  EXPECT_EQ(counted(), 0U);
  graph.enqueue(stream_.get());
  graph.enqueue(stream_.get());
  EXPECT_EQ(counted(), 4U);
}

TEST_F(CudaGraph, AFailureWhileItIsRecordedLeavesTheStreamUsable) {
  const auto failing = [this] {
    count_once();
    throw Error("no such kernel");
  };
  EXPECT_THROW(Graph(stream_.get(), failing), Error);
  count_once();
  EXPECT_EQ(counted(), 1U);
}

}  // namespace
}  // namespace gpubench::cuda
