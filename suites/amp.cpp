#include "suites/models/gpt2.hpp"
#include "suites/models/resnet50.hpp"
#include "suites/suites.hpp"

namespace gpubench {
namespace {

/// PyTorch's GradScaler starts here, too.
constexpr training::LossScale dynamic_scale{.initial = 65536, .dynamic = true, .growth_interval = 2000};

Line line(training::Network network, const SuiteOptions& options) {
  network.seed = options.seed;
  network.accumulate = options.accumulate;
  network.full_epoch = options.full_epoch;
  network.epoch_items = options.epoch_items.value_or(network.epoch_items);
  if (network.mode == Mode::amp_fp16) network.loss_scale = dynamic_scale;
  const std::int64_t epoch_steps = (network.epoch_items + network.items() - 1) / network.items();
  return Line(network, {.own_worker = true, .runs_wanted = options.full_epoch ? epoch_steps : 0});
}

}  // namespace

/// The same network on the same batch in every mode: what mixed precision gains.
Lines amp(const SuiteOptions& options) {
  Lines lines;
  for (const Mode mode : all_modes) lines.push_back(line(resnet50(mode, options.batch.value_or(16)), options));
  for (const Mode mode : all_modes)
    lines.push_back(line(gpt2(mode, options.batch.value_or(2), options.sequence), options));
  return lines;
}

}  // namespace gpubench
