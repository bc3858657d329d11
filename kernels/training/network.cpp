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
  Size after(const Layer& layer, const Linear& l) { return linear(layer, l.out_features); }
  Size after(const Layer& layer, const TiedLinear&) { return linear(layer, network_.classes); }
  Size after(const Layer&, const Embedding& e) { return {e.width}; }
  Size after(const Layer& layer, const Attention& a) {
    const std::int64_t width = input(layer).channels / 3;
    add(layer, work(AttentionForward{{network_.batch, network_.sequence, a.heads, width / a.heads}}).flops);
    return {width};
  }
  Size after(const Layer& layer, const auto&) { return input(layer); }

  Size linear(const Layer& layer, std::int64_t out) {
    add(layer, work(LinearForward{{network_.rows(), input(layer).channels, out}}).flops);
    return {out};
  }

  const Network& network_;
  std::vector<Size> sizes_{};
  double flops_ = 0;
};

/// `224x224 · batch 16`, `2 x 256 tokens`, `4 x (2 x 256) tokens`
std::string size_text(const Network& network) {
  if (network.reads_tokens())
    return network.accumulate > 1
               ? fmt::format("{} x ({} x {}) tokens", network.accumulate, network.batch, network.sequence)
               : fmt::format("{} x {} tokens", network.batch, network.sequence);
  const std::string batch = network.accumulate > 1 ? fmt::format("{} x {}", network.accumulate, network.batch)
                                                   : fmt::format("{}", network.batch);
  return fmt::format("{}x{} · batch {}", network.height, network.width, batch);
}

/// The share of the steps of the window that trained; the rest was skipped for gradients that overflowed.
double trained_share(const CaseResult& row) {
  const auto trained = row.telemetry.find("steps_trained"), skipped = row.telemetry.find("steps_skipped");
  if (trained == row.telemetry.end() || skipped == row.telemetry.end() || skipped->second == 0) return 1;
  return trained->second / (trained->second + skipped->second);
}

std::string optimizer_text(const Optimizer& optimizer) {
  return optimizer.kind == Optimizer::Kind::adamw ? "AdamW" : "SGD, momentum";
}

}  // namespace

std::string Network::name() const {
  std::string size = fmt::format("b{}", batch);
  if (reads_tokens()) size += fmt::format("s{}", sequence);
  if (accumulate > 1) size += fmt::format("x{}", accumulate);
  return fmt::format("train/{}/{}/{}/d1", model, precision(), size);
}

Work Network::work() const { return {.flops = accumulate * Counter(*this).flops()}; }

void Network::describe(CaseResult& row) const {
  row.item = reads_tokens() ? "tokens" : "images";
  row.figure = fmt::format("train.{}.{}.{}_per_second.d1", model, precision(), row.item);
  row.group = fmt::format("{} · {} · {}", title, size_text(*this), optimizer_text(optimizer));
  row.cache = "as in training";
  row.input = {.distribution = reads_tokens()
                                   ? "tokens of frequency 1/rank, half of them the fixed successor of the one before"
                                   : "normal mixtures of textures with uniform noise, labels from a fixed teacher",
               .seed = seed};
  if (row.status != Status::ok) return;

  const double share = trained_share(row);
  if (share < 1)
    row.labels.push_back(
        fmt::format("{:.0f} of {:.0f} steps were skipped, their gradients overflowed: they do not count",
                    row.telemetry["steps_skipped"],
                    row.telemetry["steps_skipped"] + row.telemetry["steps_trained"]));
  const double items_per_second = share * static_cast<double>(items()) / row.median_seconds;
  const double derived_seconds = static_cast<double>(epoch_items) / items_per_second;
  const double measured_seconds = std::accumulate(row.samples_seconds.begin(), row.samples_seconds.end(), 0.0);
  row.epoch = Epoch{.items = epoch_items,
                    .seconds = full_epoch ? measured_seconds : derived_seconds,
                    .from_steps = static_cast<int>(row.samples_taken),
                    .measured = full_epoch,
                    .includes = "training steps only"};
  row.figures = {{row.item + "_per_second", items_per_second}, {"epoch_seconds", row.epoch->seconds}};
}

}  // namespace gpubench::training
