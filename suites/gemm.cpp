#include "kernels/gemm/gemm.hpp"

#include <fmt/format.h>

#include "suites/models/products.hpp"
#include "suites/models/resnet50.hpp"
#include "suites/models/transformer.hpp"
#include "suites/suites.hpp"

namespace gpubench {
namespace {

// Seconds of measuring that a case may have at most: the default list is to take a minute or two on two cores.
constexpr double for_a_square = 3, for_a_layer = 0.4;

/// A product of a suite, with each of the data that are asked for.
void add(Lines& lines, Gemm gemm, const SuiteOptions& options, double most_seconds) {
  gemm.seed = options.seed;
  gemm.graphs = options.graphs;
  const std::string group = gemm.group;
  for (const Distribution data : options.data) {
    gemm.data = data;
    gemm.group = gemm.layer && data != Distribution::uniform ? fmt::format("{} · {} data", group, name(data)) : group;
    lines.push_back(Line(gemm, {.most_seconds = options.thorough && gemm.layer ? 0 : most_seconds}));
  }
}

void add_squares(Lines& lines, const SuiteOptions& options) {
  for (const int size : {1024, 2048, 4096, 8192}) {
    if (size > 4096 && !options.thorough) continue;
    for (const Precision format : all_precisions) {
      Gemm gemm{.m = size, .n = size, .k = size, .format = format};
      if (format == Precision::fp8) {
        gemm.accumulation = Accumulation::fast;
        add(lines, gemm, options, for_a_square);
        gemm.accumulation = Accumulation::promoted;
      }
      add(lines, gemm, options, for_a_square);
      if (!options.thorough) continue;
      gemm.searched = true;
      add(lines, gemm, options, for_a_square);
      gemm.searched = false;
      gemm.cache = CacheState::cold;
      add(lines, gemm, options, for_a_square);
    }
  }
}

/// Known, and said so: datasheets give its rates beside the dense ones.
void add_sparse(Lines& lines, const SuiteOptions& options) {
  add(lines, {.m = 4096, .n = 4096, .k = 4096, .format = Precision::bf16, .sparse = true}, options, for_a_square);
}

/// What of a network's layers is in a list.
struct Choice {
  bool gradients = true;
  bool all_layers = true;
};

/// INT8 is for inference, and FP8 wants gradients' operands laid out anew: forward only.
void add_layers(Lines& lines,
                const std::string& title,
                const std::vector<LayerProduct>& products,
                const Choice& choice,
                const SuiteOptions& options) {
  for (const Precision format : all_precisions) {
    if (format == Precision::fp16 && !options.thorough) continue;  // as fast as bf16
    for (std::size_t i = choice.all_layers ? 0 : products.size() - 1; i < products.size(); ++i)
      for (const Pass pass : all_passes) {
        const bool forward_only = format == Precision::int8 || format == Precision::fp8 || !choice.gradients;
        if (pass != Pass::forward && forward_only) continue;
        Gemm gemm = product_of(products[i], pass, format);
        gemm.group = title;
        add(lines, gemm, options, for_a_layer);
      }
  }
}

/// Products of a transformer's block with what a training step has done on the way.
void add_fused(Lines& lines,
               const std::string& title,
               const std::vector<LayerProduct>& products,
               const SuiteOptions& options) {
  struct Fused {
    std::size_t layer;  // as products_of() gives them
    Pass pass;
    Epilogue epilogue;
  };
  constexpr std::size_t attention = 0, up = 2, down = 3;
  constexpr Fused all[] = {{attention, Pass::forward, Epilogue::bias},
                           {up, Pass::forward, Epilogue::bias_gelu},
                           {down, Pass::data_gradient, Epilogue::gelu_gradient},
                           {up, Pass::weight_gradient, Epilogue::bias_gradient}};
  for (const Precision format : {Precision::fp16, Precision::bf16}) {
    if (format == Precision::fp16 && !options.thorough) continue;
    for (const Fused& one : all) {
      Gemm gemm = product_of(products[one.layer], one.pass, format);
      gemm.epilogue = one.epilogue;
      gemm.layer->name += fmt::format(", {}", name(one.epilogue));
      gemm.group = title;
      add(lines, gemm, options, for_a_layer);
    }
  }
}

std::string title_of(const Transformer& transformer, int tokens, const char* what) {
  return fmt::format("{} · {} tokens · {}", transformer.title, tokens, what);
}

}  // namespace

/// Square products, where the library is at its best, and those that training really does. The short list has all
/// passes of one transformer, the forward passes of the others, and ResNet-50's last layer: its others are in the suite
/// conv.
Lines gemm(const SuiteOptions& options) {
  const bool all = options.thorough;
  const int images = options.batch.value_or(16);
  const char* layers = "matrix products of its layers";
  const auto gpt2 = products_of(gpt2_124m, 1024);
  Lines lines;
  add_squares(lines, options);
  add_sparse(lines, options);
  add_layers(lines, title_of(gpt2_124m, 1024, layers), gpt2, {}, options);
  add_fused(lines, title_of(gpt2_124m, 1024, "products with what training fuses to them"), gpt2, options);
  add_layers(lines, title_of(bert_large, 512, layers), products_of(bert_large, 512), {.gradients = all}, options);
  add_layers(lines, title_of(llama2_7b, 256, layers), products_of(llama2_7b, 256), {.gradients = all}, options);
  add_layers(lines,
             fmt::format("ResNet-50 · batch {} · layers that are matrix products", images),
             products_of(resnet50(Mode::fp32, images)),
             {.all_layers = all},
             options);
  return lines;
}

}  // namespace gpubench
