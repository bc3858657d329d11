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

/// INT8 is for inference: forward only.
void add_layers(Lines& lines,
                const std::string& title,
                const std::vector<LayerProduct>& products,
                std::initializer_list<Precision> formats,
                const SuiteOptions& options) {
  for (const Precision format : formats)
    for (const LayerProduct& product : products)
      for (const Pass pass : all_passes) {
        if (format == Precision::int8 && pass != Pass::forward) continue;
        Gemm gemm = product_of(product, pass, format);
        gemm.group = title;
        gemm.seed = options.seed;
        lines.push_back(Line(gemm, {.most_seconds = options.thorough ? 0 : for_a_layer}));
      }
}

std::string title_of(const Transformer& transformer, int tokens) {
  return fmt::format("{} · {} tokens · matrix products of its layers", transformer.title, tokens);
}

}  // namespace

/// Square products, where the library is at its best, and those that training really does.
Lines gemm(const SuiteOptions& options) {
  using enum Precision;
  Lines lines;
  add_squares(lines, options);
  const int images = options.batch.value_or(16);
  add_layers(lines,
             fmt::format("ResNet-50 · batch {} · its layers that are matrix products", images),
             products_of(resnet50(Mode::fp32, images)),
             {fp32, bf16, int8},
             options);
  for (const auto& [transformer, tokens] :
       {std::pair{bert_large, 512}, std::pair{gpt2_124m, 1024}, std::pair{llama2_7b, 256}})
    add_layers(lines, title_of(transformer, tokens), products_of(transformer, tokens), {fp32, bf16, int8}, options);
  return lines;
}

}  // namespace gpubench
