#include "suites/suites.hpp"

namespace gpubench {

Lines amp(const SuiteOptions& options);
Lines conv(const SuiteOptions& options);
Lines gemm(const SuiteOptions& options);
Lines launch(const SuiteOptions& options);
Lines memory(const SuiteOptions& options);

std::span<const Suite> all_suites() {
  static constexpr Suite suites[] = {
      {"gemm", "matrix products, square and of training, in every precision", gemm},
      {"conv", "ResNet-50's convolutions, forward and both gradients", conv},
      {"memory", "copy, scale, add, triad in device memory, and what new pages cost", memory},
      {"launch", "what starting a kernel costs, alone, in chains and in graphs", launch},
      {"h2d", "host to device and back, pinned and pageable", nullptr},
      {"nvlink", "every pair of GPUs, against what its links should give", nullptr},
      {"allreduce", "collectives over GPUs and ranks", nullptr},
      {"amp", "training steps and epoch times in FP32 against mixed precision", amp},
      {"nightly", "the chosen cases of all suites, for a verdict", nullptr},
      {"input", "loader workers feeding a training step", nullptr},
      {"llm", "Llama-2-7B prefill and decode", nullptr},
  };
  return suites;
}

}  // namespace gpubench
