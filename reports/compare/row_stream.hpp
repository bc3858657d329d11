#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "reports/json.hpp"

namespace gpubench {

/// What a run file holds, one part at a time, so that a file of any number of rows needs the memory of one. Parts that
/// a comparison has no use for (samples, verification) are not kept.
struct RowStream {
  std::function<void(const Json& context)> context{};  ///< once, before or after the rows
  std::function<void(const Json& row, std::size_t index)> row{};
};

/// Reads a run file or a journal (a last line that was cut short is dropped). Complaints of the functions are passed
/// on.
/// @throws UsageError with path, line and column when it is no JSON, and when it has no context or no rows
void stream_run_file(const std::filesystem::path& path, const RowStream& stream);

/// The same for the text of one. @param path for complaints
void stream_run_text(const std::filesystem::path& path, std::string_view text, const RowStream& stream);

}  // namespace gpubench
