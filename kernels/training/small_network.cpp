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

}  // namespace

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
