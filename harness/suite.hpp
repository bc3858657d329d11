#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/core/distribution.hpp"
#include "harness/problem.hpp"

namespace gpubench {

/// What the command line may change about the problems of a suite.
struct SuiteOptions {
  std::optional<int> batch{};                             ///< --batch
  std::optional<std::int64_t> epoch_items{};              ///< --epoch-items
  int sequence = 256;                                     ///< --sequence, tokens
  int accumulate = 1;                                     ///< --accumulate, batches a step
  bool full_epoch = false;                                ///< --full-epoch
  bool thorough = false;                                  ///< the long list
  bool graphs = true;                                     ///< false: --no-graph
  std::vector<Distribution> data{Distribution::uniform};  ///< --data, of products and convolutions
  std::uint64_t seed = 1;
};

/// A suite only selects: problems, sizes, models. It knows no device and no vendor.
struct Suite {
  std::string_view name;
  std::string_view about;               ///< half a line, for `gpubench list`
  Lines (*lines)(const SuiteOptions&);  ///< null: known by name, not part of this version
};

}  // namespace gpubench
