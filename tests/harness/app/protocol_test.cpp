#include "harness/app/protocol.hpp"

#include <gtest/gtest.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

CaseResult some_row() {
  CaseResult row{.run_name = "a/fp32/x", .name = "a/fp32/x@fake:1", .suite = "s", .device = "fake:1"};
  row.status = Status::failed;
  row.reason = "line one\nline two";
  return row;
}

template <class Kind>
Kind there_and_back(const Kind& event) {
  const std::string line = text_of(Event(event));
  EXPECT_EQ(line.find('\n'), std::string::npos) << "an event is one line";
  return std::get<Kind>(event_from(line));
}

TEST(Protocol, AnOrderArrivesAsItWasSent) {
  const Order sent{.task = Order::Task::run,
                   .under_load = true,
                   .device = "cuda:1",
                   .suites = {"amp", "gemm"},
                   .options = {.batch = 4,
                               .full_epoch = true,
                               .graphs = false,
                               .data = {Distribution::normal, Distribution::zeros},
                               .seed = 9},
                   .cases = {{"amp", "a/fp32/x", "cuda:1", "a/fp32/x@cuda:1"}},
                   .launch = 2,
                   .launches = 5,
                   .case_seconds = 12.5};
  const Order got = order_from(text_of(sent));
  EXPECT_EQ(text_of(got), text_of(sent));
  EXPECT_EQ(got.task, Order::Task::run);
  EXPECT_TRUE(got.under_load);
  EXPECT_EQ(got.options.batch, 4);
  EXPECT_FALSE(got.options.epoch_items);
  EXPECT_FALSE(got.options.graphs);
  EXPECT_EQ(got.options.data, sent.options.data);
  EXPECT_EQ(got.cases.at(0).name, "a/fp32/x@cuda:1");
  EXPECT_EQ(got.case_seconds, 12.5);
}

TEST(Protocol, EventsArriveAsTheyWereSent) {
  const Hello hello = there_and_back(
      Hello{.devices = {{.id = "fake:1", .kind = "fake"}}, .absent = {"x: not built"}, .environment = {{"A", "1"}}});
  EXPECT_EQ(hello.devices.at(0).id, "fake:1");
  EXPECT_EQ(hello.environment.at("A"), "1");
  EXPECT_FALSE(hello.gpus);
  const Hello with_gpus = there_and_back(Hello{.gpus = GpuNode{.driver = "580.65.06", .gpus = {{.name = "H100"}}}});
  EXPECT_EQ(with_gpus.gpus.value().driver, "580.65.06");
  EXPECT_EQ(with_gpus.gpus.value().gpus.at(0).name, "H100");
  const Candidate candidate = there_and_back(Candidate{some_row(), true, "because", "GPU-1"});
  EXPECT_TRUE(candidate.own_worker);
  EXPECT_EQ(candidate.why_not, "because");
  EXPECT_EQ(candidate.uuid, "GPU-1");
  const Finished finished = there_and_back(Finished{some_row(), true});
  EXPECT_TRUE(finished.device_lost);
  EXPECT_EQ(finished.row.name, "a/fp32/x@fake:1");
  EXPECT_EQ(finished.row.reason, "line one\nline two");
  EXPECT_EQ(there_and_back(Doing{"step 3"}).what, "step 3");
  EXPECT_EQ(there_and_back(Begin{"a"}).name, "a");
  EXPECT_EQ(there_and_back(Refused{"no"}).why, "no");
  there_and_back(End{});
}

TEST(Protocol, BytesThatAreNoTextDoNotCostTheLine) { EXPECT_FALSE(there_and_back(Doing{"\xff\xfe"}).what.empty()); }

TEST(Protocol, WhatIsNoEventIsRefused) {
  EXPECT_THROW(event_from("a library speaks"), UsageError);
  EXPECT_THROW(event_from(R"({"event":"sing"})"), UsageError);
  EXPECT_THROW(event_from(R"({"event":"begin"})"), UsageError);
}

}  // namespace
}  // namespace gpubench
