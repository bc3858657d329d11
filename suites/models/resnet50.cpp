#include "suites/models/resnet50.hpp"

#include <fmt/format.h>

#include "suites/models/chain.hpp"

namespace gpubench {
namespace {

struct Stage {
  int blocks, width;
};
constexpr Stage stages[] = {{3, 64}, {4, 128}, {6, 256}, {3, 512}};
constexpr int expansion = 4;

/// The last scale of a block's main branch starts small, so that a block starts close to the identity and the rate may
/// be high from the first steps (Goyal et al. 2017 start it at 0).
constexpr double branch_scale = 0.2;

int block(Chain& net, const std::string& name, int x, int width, int stride, bool project) {
  int y = net.convolution(name + ".conv1", x, {.out_channels = width, .kernel = 1});
  y = net.batch_norm(name + ".bn1", y, {.relu = true});
  y = net.convolution(name + ".conv2", y, {.out_channels = width, .kernel = 3, .stride = stride, .padding = 1});
  y = net.batch_norm(name + ".bn2", y, {.relu = true});
  y = net.convolution(name + ".conv3", y, {.out_channels = expansion * width, .kernel = 1});
  y = net.batch_norm(name + ".bn3", y, {.initial_scale = branch_scale});
  if (project) {
    x = net.convolution(name + ".project", x, {.out_channels = expansion * width, .kernel = 1, .stride = stride});
    x = net.batch_norm(name + ".project_bn", x, {});
  }
  return net.add_relu(name + ".add", y, x);
}

std::vector<training::Layer> layers(int classes) {
  Chain net;
  int x =
      net.convolution("conv1", training::Layer::image, {.out_channels = 64, .kernel = 7, .stride = 2, .padding = 3});
  x = net.batch_norm("bn1", x, {.relu = true});
  x = net.max_pool("pool1", x, {.kernel = 3, .stride = 2, .padding = 1});
  for (int s = 0; s < 4; ++s)
    for (int b = 0; b < stages[s].blocks; ++b)
      x = block(net, fmt::format("stage{}.block{}", s + 1, b + 1), x, stages[s].width, s > 0 && b == 0 ? 2 : 1, b == 0);
  x = net.average_pool("pool2", x);
  net.linear("classifier", x, {.out_features = classes});
  return std::move(net).layers();
}

}  // namespace

training::Network resnet50(Mode mode, int batch) {
  training::Network network{.model = "resnet50", .title = "ResNet-50", .mode = mode, .batch = batch};
  network.layers = layers(network.classes);
  // Linear scaling rule: 0.1 for 256 images (Goyal et al. 2017).
  network.optimizer = {.rate = 0.1 * batch / 256, .momentum = 0.9, .decay = 1e-4, .warmup_steps = 5};
  return network;
}

}  // namespace gpubench
