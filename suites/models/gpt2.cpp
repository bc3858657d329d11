#include "suites/models/gpt2.hpp"

#include <cmath>

#include <fmt/format.h>

#include "suites/models/chain.hpp"
#include "suites/models/transformer.hpp"

namespace gpubench {
namespace {

constexpr double deviation = 0.02;

/// The last layer of each half starts smaller by the root of how many add up to the output.
double branch_deviation(const Transformer& sizes) { return deviation / std::sqrt(2.0 * sizes.layers); }

int block(Chain& net, const std::string& name, int x, const Transformer& sizes) {
  int y = net.layer_norm(name + ".norm1", x);
  y = net.linear(name + ".qkv", y, {.out_features = 3 * sizes.width, .deviation = deviation});
  y = net.attention(name + ".attention", y, {.heads = sizes.heads});
  y = net.linear(name + ".out", y, {.out_features = sizes.width, .deviation = branch_deviation(sizes)});
  x = net.add(name + ".add1", y, x);
  y = net.layer_norm(name + ".norm2", x);
  y = net.linear(name + ".up", y, {.out_features = sizes.feed_forward, .deviation = deviation});
  y = net.gelu(name + ".gelu", y);
  y = net.linear(name + ".down", y, {.out_features = sizes.width, .deviation = branch_deviation(sizes)});
  return net.add(name + ".add2", y, x);
}

std::vector<training::Layer> layers(const Transformer& sizes) {
  Chain net;
  int x = net.embedding("embedding", {.width = sizes.width, .positions = sizes.positions, .deviation = deviation});
  for (int b = 0; b < sizes.layers; ++b) x = block(net, fmt::format("block{}", b + 1), x, sizes);
  x = net.layer_norm("norm", x);
  net.tied_linear("logits", x);
  return std::move(net).layers();
}

}  // namespace

training::Network gpt2(Mode mode, int batch, int sequence) {
  training::Network network{.model = "gpt2",
                            .title = std::string(gpt2_124m.title),
                            .mode = mode,
                            .batch = batch,
                            .sequence = sequence,
                            .classes = gpt2_124m.vocabulary};
  network.layers = layers(gpt2_124m);
  // nanoGPT's betas and decay; a rate that a batch this small bears.
  network.optimizer = {.kind = training::Optimizer::Kind::adamw,
                       .rate = 3e-4,
                       .decay = 0.1,
                       .warmup_steps = 5,
                       .beta1 = 0.9,
                       .beta2 = 0.95};
  network.epoch_items = 9035582198;
  return network;
}

}  // namespace gpubench
