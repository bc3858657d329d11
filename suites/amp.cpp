#include "suites/models/resnet50.hpp"
#include "suites/suites.hpp"

namespace gpubench {

/// The same network on the same batch in every mode: what mixed precision gains.
Lines amp(const SuiteOptions& options) {
  Lines lines;
  for (const Mode mode : all_modes) {
    training::Network network = resnet50(mode, options.batch.value_or(16));
    network.seed = options.seed;
    network.full_epoch = options.full_epoch;
    network.epoch_items = options.epoch_items.value_or(network.epoch_items);
    const std::int64_t epoch_steps = (network.epoch_items + network.batch - 1) / network.batch;
    lines.push_back(Line(network, {.own_worker = true, .runs_wanted = options.full_epoch ? epoch_steps : 0}));
  }
  return lines;
}

}  // namespace gpubench
