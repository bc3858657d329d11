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

void add_squares(Lines& lines, const SuiteOptions& options) {
  for (const int size : {1024, 2048, 4096})
    for (const Precision format : all_precisions)
      lines.push_back(Line(Gemm{.m = size, .n = size, .k = size, .format = format, .seed = options.seed},
                           {.most_seconds = for_a_square}));
}

/// What of a network's layers is in a list.
struct Choice {
  bool gradients = true;
  bool all_layers = true;
};

/// INT8 is for inference: forward only.
void add_layers(Lines& lines,
                const std::string& title,
                const std::vector<LayerProduct>& products,
                const Choice& choice,
                const SuiteOptions& options) {
  for (const Precision format : {Precision::fp32, Precision::bf16, Precision::int8})
    for (std::size_t i = choice.all_layers ? 0 : products.size() - 1; i < products.size(); ++i)
      for (const Pass pass : all_passes) {
        if (pass != Pass::forward && (format == Precision::int8 || !choice.gradients)) continue;
        Gemm gemm = product_of(products[i], pass, format);
        gemm.group = title;
        gemm.seed = options.seed;
        lines.push_back(Line(gemm, {.most_seconds = options.thorough ? 0 : for_a_layer}));
      }
}

std::string title_of(const Transformer& transformer, int tokens) {
  return fmt::format("{} · {} tokens · matrix products of its layers", transformer.title, tokens);
}

}  // namespace

/// Square products, where the library is at its best, and those that training really does. The short list has all
/// passes of one transformer, the forward passes of the others, and ResNet-50's last layer: its others are in the suite
/// conv.
Lines gemm(const SuiteOptions& options) {
  const bool all = options.thorough;
  const int images = options.batch.value_or(16);
  Lines lines;
  add_squares(lines, options);
  add_layers(lines, title_of(gpt2_124m, 1024), products_of(gpt2_124m, 1024), {}, options);
  add_layers(lines, title_of(bert_large, 512), products_of(bert_large, 512), {.gradients = all}, options);
  add_layers(lines, title_of(llama2_7b, 256), products_of(llama2_7b, 256), {.gradients = all}, options);
  add_layers(lines,
             fmt::format("ResNet-50 · batch {} · layers that are matrix products", images),
             products_of(resnet50(Mode::fp32, images)),
             {.all_layers = all},
             options);
  return lines;
}

}  // namespace gpubench
