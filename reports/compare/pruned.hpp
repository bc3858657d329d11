#pragma once

#include <string>
#include <string_view>

namespace gpubench {

/// A run file, or a row of a journal, without the members of its rows that a comparison has no use for (samples,
/// verification, settling, ...): more than half of a file, dropped at a tenth of the time that parsing it takes.
/// Strings and brackets are followed; whether what is dropped is JSON is not looked at (gpubench validate does). Text
/// that is no JSON stays none, with other positions.
/// @param row_depth how many brackets are open among the members of a row: 3 in a run file, 1 in a journal's row
std::string pruned(std::string_view text, int row_depth);

/// Whether a member of a row, or of what stands under `gpubench` in it, is one of these.
bool is_without_use(std::string_view key);

}  // namespace gpubench
