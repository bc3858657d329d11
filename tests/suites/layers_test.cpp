#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "harness/devices/cpu/cpu_device.hpp"
#include "kernels/conv/conv.hpp"
#include "kernels/memory/memory_pass.hpp"
#include "suites/models/matrix_layers.hpp"
#include "suites/models/products.hpp"
#include "suites/models/resnet50.hpp"
#include "suites/models/transformer.hpp"
#include "suites/suites.hpp"

namespace gpubench {
namespace {

double weights_of(const Transformer& transformer) {
  double weights = 0;
  for (const LayerProduct& one : products_of(transformer, 1))
    weights += static_cast<double>(one.count) * static_cast<double>(one.out) * static_cast<double>(one.in);
  return weights;
}

/// Names of the cases of a suite, on a device that offers everything.
std::vector<std::string> names_of(std::string_view suite, bool thorough) {
  CpuDevice device;
  device.catalog().add<Gemm>("any", {});
  device.catalog().add<Conv>("any", {});
  device.catalog().add<MemoryPass>("any", {});
  std::vector<std::string> names;
  for (const Suite& one : all_suites()) {
    if (one.name != suite) continue;
    for (const Line& line : one.lines({.thorough = thorough}))
      for (const Case& made : line.cases_on(device)) names.push_back(made.row.run_name);
  }
  return names;
}

TEST(MatrixLayers, OfResNet50AreFiftyThreeConvolutionsOfTwentyThreeShapes) {
  const MatrixLayers layers = matrix_layers_of(resnet50(Mode::fp32, 16));
  EXPECT_EQ(layers.convolutions.size(), 23U);
  int all = 0;
  double macs = 0;
  for (const auto& [layer, shape, count] : layers.convolutions) {
    all += count;
    macs += count * shape.flops() / 2;
  }
  EXPECT_EQ(all, 53);
  EXPECT_NEAR(macs / 16, 4.09e9, 0.01e9);  // multiply-adds of an image, version 1.5
  ASSERT_EQ(layers.linears.size(), 1U);
  EXPECT_EQ(layers.linears[0].shape.rows, 16);
  EXPECT_EQ(layers.linears[0].shape.in, 2048);
  EXPECT_EQ(layers.linears[0].shape.out, 1000);
}

TEST(MatrixLayers, AreDistinctByEverythingThatMakesAShape) {
  using namespace training;
  const auto convolution = [](Convolution what) { return Layer{.name = "c", .what = what, .inputs = {Layer::image}}; };
  const Convolution plain{.out_channels = 8, .kernel = 3, .padding = 1};
  Network network{.batch = 2, .channels = 4, .height = 9, .width = 9};
  network.layers = {convolution(plain), convolution(plain)};
  for (auto change : {+[](Convolution& c) { c.out_channels = 9; },
                      +[](Convolution& c) { c.kernel = 1; },
                      +[](Convolution& c) { c.stride = 2; },
                      +[](Convolution& c) { c.padding = 0; }}) {
    Convolution other = plain;
    change(other);
    network.layers.push_back(convolution(other));
  }
  const MatrixLayers layers = matrix_layers_of(network);
  ASSERT_EQ(layers.convolutions.size(), 5U);
  EXPECT_EQ(layers.convolutions[0].count, 2);
  EXPECT_EQ(layers.convolutions[3].shape.stride, 2);
}

/// The published numbers of parameters are those of the matrices, some vectors, and embeddings.
TEST(Products, OfTransformersHaveThePublishedNumbersOfWeights) {
  EXPECT_EQ(weights_of(gpt2_124m), 84'934'656 + 38'597'376);  // 124,439,808 with positions, norms and biases
  EXPECT_EQ(weights_of(bert_large), 301'989'888 + 31'254'528);
  EXPECT_EQ(weights_of(llama2_7b), 6'476'005'376 + 131'072'000);  // 6,738,415,616 with the embedding and norms
}

TEST(Products, OfResNet50AreItsPointwiseConvolutionsAndTheClassifier) {
  const auto products = products_of(resnet50(Mode::fp32, 16));
  EXPECT_EQ(products.size(), 13U);
  int convolutions = -1;  // the classifier is none
  for (const LayerProduct& one : products) convolutions += one.count;
  EXPECT_EQ(convolutions, 33);  // 53 but for the first, 16 of 3x3 and 3 with stride 2
  EXPECT_EQ(products.back().rows, 16);
  EXPECT_EQ(products.back().in, 2048);
}

TEST(Products, HaveTheThreePassesOfALinearLayer) {
  const LayerProduct layer{.layer = "one", .rows = 10, .out = 20, .in = 30, .count = 4};
  const Gemm forward = product_of(layer, Pass::forward, Precision::bf16);
  EXPECT_EQ(forward.name(), "gemm/bf16/m10n20k30/nt/hot");
  EXPECT_EQ(product_of(layer, Pass::data_gradient, Precision::bf16).name(), "gemm/bf16/m10n30k20/nn/hot");
  EXPECT_EQ(product_of(layer, Pass::weight_gradient, Precision::bf16).name(), "gemm/bf16/m20n30k10/tn/hot");
  EXPECT_EQ(forward.layer->count, 4);
  EXPECT_EQ(forward.layer->shape, "10 x 20 x 30");
}

TEST(Suites, GemmConvAndMemoryNameEachCaseOnce) {
  for (const char* suite : {"gemm", "conv", "memory"})
    for (const bool thorough : {false, true}) {
      const auto names = names_of(suite, thorough);
      EXPECT_FALSE(names.empty()) << suite;
      EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size()) << suite;
    }
}

TEST(Suites, TheShortListIsPartOfTheThoroughOne) {
  for (const char* suite : {"gemm", "conv", "memory"}) {
    const auto few = names_of(suite, false), all = names_of(suite, true);
    EXPECT_LE(few.size(), all.size()) << suite;
    for (const std::string& name : few) EXPECT_TRUE(std::ranges::count(all, name)) << name;
  }
}

TEST(Suites, ConvHasEveryShapeInThreeDirections) {
  std::map<std::string, int> by_precision;
  for (const std::string& name : names_of("conv", false)) ++by_precision[name.substr(5, 4)];
  for (const char* precision : {"fp32", "tf32", "fp16"}) EXPECT_EQ(by_precision[precision], 3 * 23);
  // Also the 3x3 of each of four stages and what follows it, fused in three ways.
  const int fused = 4 * 2 * 3;
  EXPECT_EQ(by_precision["bf16"], 3 * 23 + fused);
}

}  // namespace
}  // namespace gpubench
