#pragma once

#include <string>

#include "reports/case_summary.hpp"

namespace gpubench {

// A group as text: title, table, remarks; each line ends in a line feed.

/// Rows that train: a line a mode, and what bounds the gain of AMP.
/// @param explain each mode's step is broken down as well
std::string train_table(const Group& group, bool explain = false);
/// Rows that are passes of layers: a line a layer, a column a pass, and what all of them take.
std::string layer_table(const Group& group);
/// Any other rows: case, time, spread and whatever figures they have.
std::string case_table(const Group& group);

/// Whether the rows count items of training.
bool is_training(const Group& group);
/// Whether every row is a layer's.
bool has_layers(const Group& group);

}  // namespace gpubench
