#include "kernels/training/small_network.hpp"

namespace gpubench::training {
namespace {

std::vector<Layer> layers() {
  constexpr int image = Layer::image;
  return {
      {"conv1", Convolution{.out_channels = 16, .kernel = 3, .stride = 1, .padding = 1}, {image}},  // 0
      {"bn1", BatchNorm{.relu = true}, {0}},
      {"pool1", MaxPool{.kernel = 3, .stride = 2, .padding = 1}, {1}},
      {"a.conv1", Convolution{.out_channels = 16, .kernel = 1}, {2}},  // 3
      {"a.bn1", BatchNorm{.relu = true}, {3}},
      {"a.conv2", Convolution{.out_channels = 32, .kernel = 3, .stride = 2, .padding = 1}, {4}},
      {"a.bn2", BatchNorm{.initial_scale = 0.5}, {5}},
      {"a.project", Convolution{.out_channels = 32, .kernel = 1, .stride = 2}, {2}},  // 7
      {"a.project_bn", BatchNorm{}, {7}},
      {"a.add", AddRelu{}, {6, 8}},  // 9
      {"b.conv1", Convolution{.out_channels = 32, .kernel = 3, .stride = 1, .padding = 1}, {9}},
      {"b.bn1", BatchNorm{.initial_scale = 0.5}, {10}},
      {"b.add", AddRelu{}, {11, 9}},  // 12
      {"pool2", GlobalAveragePool{}, {12}},
      {"classifier", Linear{.out_features = 10, .deviation = 0.1}, {13}},
  };
}

void add_block(std::vector<Layer>& all, const std::string& name) {
  const int x = static_cast<int>(all.size()) - 1;
  all.push_back({name + ".norm1", LayerNorm{}, {x}});
  all.push_back({name + ".qkv", Linear{.out_features = 48, .deviation = 0.2}, {x + 1}});
  all.push_back({name + ".attention", Attention{.heads = 2}, {x + 2}});
  all.push_back({name + ".out", Linear{.out_features = 16, .deviation = 0.2}, {x + 3}});
  all.push_back({name + ".add1", Add{}, {x + 4, x}});
  all.push_back({name + ".norm2", LayerNorm{}, {x + 5}});
  all.push_back({name + ".up", Linear{.out_features = 40, .deviation = 0.2}, {x + 6}});
  all.push_back({name + ".gelu", Gelu{}, {x + 7}});
  all.push_back({name + ".down", Linear{.out_features = 16, .deviation = 0.2}, {x + 8}});
  all.push_back({name + ".add2", Add{}, {x + 9, x + 5}});
}

std::vector<Layer> transformer_layers() {
  std::vector<Layer> all = {{"embedding", Embedding{.width = 16, .positions = 16, .deviation = 0.5}, {Layer::image}}};
  for (const char* name : {"a", "b"}) add_block(all, name);
  all.push_back({"norm", LayerNorm{}, {static_cast<int>(all.size()) - 1}});
  all.push_back({"logits", TiedLinear{}, {static_cast<int>(all.size()) - 1}});
  return all;
}

}  // namespace

Network small_transformer(Mode mode, int batch, std::uint64_t seed) {
  return {.model = "small-transformer",
          .title = "small transformer",
          .mode = mode,
          .batch = batch,
          .sequence = 8,
          .classes = 32,
          .layers = transformer_layers(),
          .optimizer = {.kind = Optimizer::Kind::adamw, .rate = 0.01, .decay = 0.1},
          .seed = seed};
}

Network small_one_like(const Network& network) {
  Network small = network.reads_tokens() ? small_transformer(network.mode, 4, 1) : small_network(network.mode, 4, 1);
  small.loss_scale = network.loss_scale;
  return small;
}

Network small_network(Mode mode, int batch, std::uint64_t seed) {
  return {.model = "small",
          .title = "small residual network",
          .mode = mode,
          .batch = batch,
          .height = 16,
          .width = 16,
          .classes = 10,
          .layers = layers(),
          .optimizer = {.rate = 0.05},
          .seed = seed};
}

}  // namespace gpubench::training
