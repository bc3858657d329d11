#include "kernels/training/network.hpp"

#include <numeric>

#include <fmt/format.h>

#include "kernels/training/operation.hpp"

namespace gpubench::training {
namespace {

/// Channels, height and width of what a layer gives.
struct Size {
  std::int64_t channels = 0, height = 1, width = 1;
};

/// Walks the layers, adding up the matrix work.
class Counter {
 public:
  explicit Counter(const Network& network) : network_(network) {
    for (const Layer& layer : network.layers)
      sizes_.push_back(std::visit([&](const auto& what) { return after(layer, what); }, layer.what));
  }
  double flops() const { return flops_; }

 private:
  bool from_image(const Layer& layer) const { return layer.inputs.at(0) == Layer::image; }
  Size input(const Layer& layer) const {
    if (from_image(layer)) return {network_.channels, network_.height, network_.width};
    return sizes_.at(static_cast<std::size_t>(layer.inputs[0]));
  }
  /// Forward, weight gradient and, but for the first layer, data gradient cost the same.
  void add(const Layer& layer, double forward) { flops_ += forward * (from_image(layer) ? 2 : 3); }

  Size after(const Layer& layer, const Convolution& c) {
    const Size x = input(layer);
    const ConvolutionShape shape{
        network_.batch, x.channels, x.height, x.width, c.out_channels, c.kernel, c.stride, c.padding};
    add(layer, shape.flops());
    return {c.out_channels, shape.out_height(), shape.out_width()};
  }
  Size after(const Layer& layer, const MaxPool& p) {
    const Size x = input(layer);
    const PoolShape shape{network_.batch, x.channels, x.height, x.width, p.kernel, p.stride, p.padding};
    return {x.channels, shape.out_height(), shape.out_width()};
  }
  Size after(const Layer& layer, const GlobalAveragePool&) { return {input(layer).channels}; }
  Size after(const Layer& layer, const Linear& l) {
    add(layer, work(LinearForward{{network_.batch, input(layer).channels, l.out_features}}).flops);
    return {l.out_features};
  }
  Size after(const Layer& layer, const auto&) { return input(layer); }

  const Network& network_;
  std::vector<Size> sizes_{};
  double flops_ = 0;
};

}  // namespace

std::string Network::name() const { return fmt::format("train/{}/{}/b{}/d1", model, precision(), batch); }

Work Network::work() const { return {.flops = Counter(*this).flops()}; }

void Network::describe(CaseResult& row) const {
  row.figure = fmt::format("train.{}.{}.images_per_second.d1", model, precision());
  row.group = fmt::format("{} · {}x{} · batch {} · SGD, momentum", title, height, width, batch);
  row.item = "images";
  row.cache = "as in training";
  row.input = {.distribution = "normal mixtures of textures with uniform noise, labels from a fixed teacher",
               .seed = seed};
  if (row.status != Status::ok) return;

  const double images_per_second = batch / row.median_seconds;
  const double derived_seconds = static_cast<double>(epoch_items) / images_per_second;
  const double measured_seconds = std::accumulate(row.samples_seconds.begin(), row.samples_seconds.end(), 0.0);
  row.epoch = Epoch{.items = epoch_items,
                    .seconds = full_epoch ? measured_seconds : derived_seconds,
                    .from_steps = static_cast<int>(row.samples_taken),
                    .measured = full_epoch,
                    .includes = "training steps only"};
  row.figures = {{"images_per_second", images_per_second}, {"epoch_seconds", row.epoch->seconds}};
}

}  // namespace gpubench::training
