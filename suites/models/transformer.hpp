#pragma once

#include <string_view>

namespace gpubench {

/// The sizes of a transformer, as published. A block has an attention of `heads` heads over `width` features and a
/// feed- forward part of `feed_forward` features; there are `layers` blocks, then a projection onto the vocabulary.
/// Plain data: training builds networks from it, the suite gemm its matrix products.
struct Transformer {
  std::string_view name;   ///< `gpt2-124m`, as in case names
  std::string_view title;  ///< `GPT-2 124M`
  int layers = 1;
  int width = 1;         ///< features of a token
  int heads = 1;         ///< each of width / heads features
  int feed_forward = 1;  ///< features inside the feed-forward part
  int vocabulary = 1;
  int positions = 1;   ///< the longest sequence in tokens
  bool gated = false;  ///< feed-forward with a gate beside the way up (SwiGLU), so three matrices instead of two
};

/// Radford et al. 2019, table 2, the smallest of the four (117M there, 124M with the parameters as released); 50,257
/// byte pairs and 1,024 positions by its section 2.
inline constexpr Transformer gpt2_124m{.name = "gpt2-124m",
                                       .title = "GPT-2 124M",
                                       .layers = 12,
                                       .width = 768,
                                       .heads = 12,
                                       .feed_forward = 3072,
                                       .vocabulary = 50257,
                                       .positions = 1024};

/// Devlin et al. 2019, section 3; 30,522 word pieces of the released uncased model, 512 positions by its appendix A.2.
inline constexpr Transformer bert_large{.name = "bert-large",
                                        .title = "BERT-large",
                                        .layers = 24,
                                        .width = 1024,
                                        .heads = 16,
                                        .feed_forward = 4096,
                                        .vocabulary = 30522,
                                        .positions = 512};

/// Touvron et al. 2023 (Llama 2), section 2.2: the sizes of Llama 1's 7B (table 2 there) with 4,096 positions; 32,000
/// tokens. The feed-forward size, 11,008, is 2/3 of 4 x 4,096 rounded up to a multiple of 256, as in its released code.
inline constexpr Transformer llama2_7b{.name = "llama2-7b",
                                       .title = "Llama-2-7B",
                                       .layers = 32,
                                       .width = 4096,
                                       .heads = 32,
                                       .feed_forward = 11008,
                                       .vocabulary = 32000,
                                       .positions = 4096,
                                       .gated = true};

}  // namespace gpubench
