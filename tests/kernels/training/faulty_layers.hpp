#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "kernels/training/layers.hpp"

namespace gpubench::training {

/// A device that does everything as another one does, and then spoils what a fault tells it to.
class FaultyLayers : public Layers {
 public:
  /// Called after an operation has run; may change its outputs.
  using Fault = std::function<void(Layers&, const Operation&, const Planned&, std::span<void* const> outputs)>;

  FaultyLayers(Layers& right, Fault fault) : right_(right), fault_(std::move(fault)) {}

  std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) override {
    return std::make_unique<Spoiled>(*this, operation, right_.plan(operation, given));
  }
  TensorDesc plain(const Shape& shape, Type type) override { return right_.plain(shape, type); }
  std::unique_ptr<Memory> allocate(std::size_t bytes) override { return right_.allocate(bytes); }
  void upload(std::span<const float> values, const TensorDesc& desc, void* to) override {
    right_.upload(values, desc, to);
  }
  void download(const TensorDesc& desc, const void* from, std::span<float> values) override {
    right_.download(desc, from, values);
  }
  double scalar(const TensorDesc& desc, const void* from) override { return right_.scalar(desc, from); }
  void clear(void* to, std::size_t bytes) override { right_.clear(to, bytes); }
  void wait() override { right_.wait(); }

 private:
  class Spoiled : public Planned {
   public:
    Spoiled(FaultyLayers& device, Operation operation, std::unique_ptr<Planned> right)
        : device_(device), operation_(std::move(operation)), right_(std::move(right)) {
      inputs = right_->inputs;
      outputs = right_->outputs;
      in_place = right_->in_place;
      scratch_bytes = right_->scratch_bytes;
      implementation = right_->implementation;
    }
    std::function<void()> bind(std::span<void* const> ins, std::span<void* const> outs, void* scratch) const override {
      return [this, run = right_->bind(ins, outs, scratch), kept = std::vector<void*>(outs.begin(), outs.end())] {
        run();
        device_.right_.wait();
        device_.fault_(device_.right_, operation_, *right_, kept);
      };
    }

   private:
    FaultyLayers& device_;
    Operation operation_;
    std::unique_ptr<Planned> right_;
  };

  Layers& right_;
  Fault fault_;
};

/// Changes every element of one output.
inline void change(Layers& layers, const TensorDesc& desc, void* at, const std::function<float(float)>& to) {
  std::vector<float> values(static_cast<std::size_t>(elements(desc.shape)));
  layers.download(desc, at, values);
  for (float& value : values) value = to(value);
  layers.upload(values, desc, at);
}

/// The gradient of one convolution's weights a tenth too small.
inline FaultyLayers::Fault scaled_gradient(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel) {
  return [=](Layers& layers, const Operation& operation, const Planned& planned, std::span<void* const> outputs) {
    const auto* gradient = std::get_if<ConvolutionWeightGradient>(&operation);
    if (gradient == nullptr || gradient->shape.w() != Shape{out_channels, in_channels, kernel, kernel}) return;
    change(layers, planned.outputs[0], outputs[0], [](float value) { return 0.9F * value; });
  };
}

}  // namespace gpubench::training
