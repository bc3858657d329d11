#include "kernels/training/oracle/oracle_layers.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/core/error.hpp"

namespace gpubench::training::oracle {
namespace {

/// Uploads the inputs, runs the operation once, in place where it may if asked, and gives its outputs.
class Device {
 public:
  explicit Device(OracleLayers layers = OracleLayers()) : layers_(layers) {}

  void run(const Operation& operation, const std::vector<std::vector<float>>& inputs, bool in_place = false) {
    const Operands open = operands(operation);
    planned_ = layers_.plan(operation, open.inputs);
    std::vector<void*> from, to;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      from.push_back(memory_.emplace_back(layers_.allocate(planned_->inputs[i].bytes))->data());
      layers_.upload(inputs[i], planned_->inputs[i], from.back());
    }
    for (const TensorDesc& output : planned_->outputs)
      to.push_back(memory_.emplace_back(layers_.allocate(output.bytes))->data());
    if (in_place)
      for (const auto& [output, input] : planned_->in_place)
        to[static_cast<std::size_t>(output)] = from[static_cast<std::size_t>(input)];
    planned_->bind(from, to, nullptr)();
    layers_.wait();
    to_ = to;
  }
  std::vector<float> output(std::size_t which) {
    const TensorDesc& desc = planned_->outputs[which];
    std::vector<float> values(static_cast<std::size_t>(elements(desc.shape)));
    layers_.download(desc, to_[which], values);
    return values;
  }
  double scalar(std::size_t which) { return layers_.scalar(planned_->outputs[which], to_[which]); }

 private:
  OracleLayers layers_;
  std::unique_ptr<Planned> planned_{};
  std::vector<std::unique_ptr<Memory>> memory_{};
  std::vector<void*> to_{};
};

TEST(OracleLayers, RunsAnOperationFromUploadToDownload) {
  Device device;
  device.run(AddReluForward{.shape = {3}}, {{1, 2, -3}, {1, -4, 1}});
  EXPECT_EQ(device.output(0), (std::vector<float>{2, 0, 0}));
}

TEST(OracleLayers, RoundsWhatIsWrittenToItsFormatUnlessToldNotTo) {
  const Accumulate bf16{.shape = {1}, .type = Type::bf16}, f16{.shape = {1}, .type = Type::f16};
  Device rounding, exact(OracleLayers(Rounding::none));
  rounding.run(bf16, {{1}, {0x1p-7F / 4}});
  EXPECT_EQ(rounding.scalar(0), 1);
  rounding.run(f16, {{60000}, {60000}});
  EXPECT_TRUE(std::isinf(rounding.scalar(0)));
  exact.run(bf16, {{1}, {0x1p-7F / 4}});
  EXPECT_EQ(exact.scalar(0), 1 + 0x1p-9);
}

TEST(OracleLayers, KeepsFp32InDoubleOnlyWhereAsked) {
  const Accumulate o{.shape = {1}};
  Device floats, doubles(OracleLayers(Rounding::formats, true));
  floats.run(o, {{1}, {0x1p-40F}});
  EXPECT_EQ(floats.scalar(0), 1);
  doubles.run(o, {{1}, {0x1p-40F}});
  EXPECT_EQ(doubles.scalar(0), 1 + 0x1p-40);
}

TEST(OracleLayers, AnUploadToAFormatIsRoundedToIt) {
  Device device;
  device.run(Reorder{.from = {.shape = {1}, .type = Type::bf16}, .to = {.shape = {1}}}, {{1 + 0x1p-9F}});
  EXPECT_EQ(device.scalar(0), 1);
}

TEST(OracleLayers, TheOptimizerUpdatesInPlace) {
  const SgdMomentum o{.count = 2, .momentum = 0.5, .decay = 0.5};
  Device apart, in_place;
  const std::vector<std::vector<float>> inputs = {{2, 1}, {1, 1}, {4, 4}, {0.5F}, {1, 0, 0, 0, 0}};
  apart.run(o, inputs);
  in_place.run(o, inputs, true);
  EXPECT_EQ(apart.output(0), (std::vector<float>{0, -0.75F}));
  EXPECT_EQ(in_place.output(0), apart.output(0));
  EXPECT_EQ(in_place.output(1), apart.output(1));
}

TEST(OracleLayers, ABackwardPassMayOverwriteItsGradient) {
  const BatchNormBackward o{.shape = {2, 1, 1, 2}};
  const std::vector<std::vector<float>> inputs = {
      {1, 2, 3, 5}, {0, 0, 0, 0}, {2.75F}, {2}, {1}, {0}, {}, {1, -1, 2, 3}};
  Device apart, in_place;
  apart.run(o, inputs);
  in_place.run(o, inputs, true);
  for (const std::size_t output : {0U, 1U, 2U}) EXPECT_EQ(in_place.output(output), apart.output(output));
}

TEST(OracleLayers, OpaqueTensorsHaveNoBytes) {
  OracleLayers layers;
  const MaxPoolForward o{.shape = {.height = 2, .width = 2, .kernel = 2, .stride = 2}};
  const auto planned = layers.plan(o, operands(o).inputs);
  EXPECT_EQ(planned->outputs[1].bytes, 0U);
  EXPECT_TRUE(same(planned->outputs[1], planned->outputs[1]));
  Device device;
  device.run(o, {{1, 4, 3, 2}});
  EXPECT_EQ(device.output(0), std::vector<float>{4});
}

TEST(OracleLayers, ANumberNobodyWroteIsNaNAndAClearedOneIsZero) {
  OracleLayers layers;
  const TensorDesc one = layers.plain({1}, Type::f32);
  const auto memory = layers.allocate(one.bytes);
  EXPECT_TRUE(std::isnan(layers.scalar(one, memory->data())));
  layers.clear(memory->data(), one.bytes);
  EXPECT_EQ(layers.scalar(one, memory->data()), 0);
}

TEST(OracleLayers, RefusesTheWrongNumberOfValues) {
  OracleLayers layers;
  const TensorDesc two = layers.plain({2}, Type::f32);
  const auto memory = layers.allocate(two.bytes);
  EXPECT_THROW(layers.upload(std::vector<float>{1}, two, memory->data()), Error);
  EXPECT_THROW(layers.plan(Accumulate{.shape = {2}}, {}), Error);
}

}  // namespace
}  // namespace gpubench::training::oracle
