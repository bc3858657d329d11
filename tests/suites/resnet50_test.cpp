#include "suites/models/resnet50.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/step_plan.hpp"
#include "suites/suites.hpp"

namespace gpubench {
namespace {

using namespace training;

StepPlan planned() {
  oracle::OracleLayers layers;
  return plan_step(resnet50(Mode::fp32, 1), layers);
}

TEST(ResNet50, HasThePublishedNumberOfParameters) {
  std::int64_t parameters = 0;
  for (const Parameter& parameter : planned().parameters) parameters += elements(parameter.shape);
  EXPECT_EQ(parameters, 25557032);  // torchvision's resnet50
}

TEST(ResNet50, DoesThePublishedWorkForOneImage) {
  double forward = 0;
  for (const Node& node : planned().nodes)
    if (pass(node.operation) == "forward") forward += work(node.operation).flops;
  EXPECT_NEAR(forward / 2, 4.09e9, 0.01e9);  // multiply-adds of version 1.5
}

TEST(ResNet50, HasTwentyThreeDistinctConvolutionsAmongFiftyThree) {
  std::map<std::string, int> counts;
  int all = 0;
  for (const Node& node : planned().nodes)
    if (std::holds_alternative<ConvolutionForward>(node.operation)) {
      ++counts[text(node.operation)];
      ++all;
    }
  EXPECT_EQ(all, 53);
  EXPECT_EQ(counts.size(), 23U);
}

TEST(Suites, NamesAreUniqueAndAmpHasEveryMode) {
  std::set<std::string_view> names;
  for (const Suite& suite : all_suites()) EXPECT_TRUE(names.insert(suite.name).second) << suite.name;
  for (const Suite& suite : all_suites()) {
    if (suite.name != "amp") continue;
    EXPECT_EQ(suite.lines({}).size(), 8U);
  }
}

}  // namespace
}  // namespace gpubench
