#include "suites/models/matrix_layers.hpp"

#include <algorithm>
#include <variant>

namespace gpubench {
namespace {

using namespace training;

struct Size {
  std::int64_t channels = 0, height = 1, width = 1;
};

bool equal(const ConvolutionShape& a, const ConvolutionShape& b) {
  return a.x() == b.x() && a.w() == b.w() && a.stride == b.stride && a.padding == b.padding;
}

/// Carries the size of what each layer gives from layer to layer.
class Walk {
 public:
  explicit Walk(const Network& network) : network_(network) {
    for (const Layer& layer : network.layers)
      sizes_.push_back(std::visit([&](const auto& what) { return after(layer, what); }, layer.what));
  }
  MatrixLayers found{};

 private:
  Size input(const Layer& layer) const {
    const int from = layer.inputs.at(0);
    if (from == Layer::image) return {network_.channels, network_.height, network_.width};
    return sizes_.at(static_cast<std::size_t>(from));
  }

  Size after(const Layer& layer, const Convolution& c) {
    const Size x = input(layer);
    const ConvolutionShape shape{
        network_.batch, x.channels, x.height, x.width, c.out_channels, c.kernel, c.stride, c.padding};
    auto& distinct = found.convolutions;
    const auto same = std::ranges::find_if(distinct, [&](const auto& one) { return equal(one.shape, shape); });
    if (same != distinct.end())
      ++same->count;
    else
      distinct.push_back({.layer = layer.name, .shape = shape});
    return {c.out_channels, shape.out_height(), shape.out_width()};
  }
  Size after(const Layer& layer, const MaxPool& p) {
    const Size x = input(layer);
    const PoolShape shape{network_.batch, x.channels, x.height, x.width, p.kernel, p.stride, p.padding};
    return {x.channels, shape.out_height(), shape.out_width()};
  }
  Size after(const Layer& layer, const Linear& l) {
    const Size x = input(layer);
    found.linears.push_back(
        {.layer = layer.name,
         .shape = {.rows = network_.batch, .in = x.channels * x.height * x.width, .out = l.out_features}});
    return {l.out_features};
  }
  Size after(const Layer& layer, const GlobalAveragePool&) { return {input(layer).channels}; }
  Size after(const Layer& layer, const auto&) { return input(layer); }

  const Network& network_;
  std::vector<Size> sizes_{};
};

}  // namespace

MatrixLayers matrix_layers_of(const Network& network) { return Walk(network).found; }

}  // namespace gpubench
