#pragma once

#include <memory>
#include <optional>
#include <string>

#include "reports/journal.hpp"

namespace gpubench {

/// Refuses a run file that could not be written, before anything is measured. @throws UsageError
void check_out(const std::optional<std::string>& out, bool force, std::string_view option = "--out");

/// Where the rows of a run go: the journal as they come, in the end the run file and the table.
class Output {
 public:
  /// @param out file, `-` for standard output, none for a file named after host and time. @throws UsageError
  Output(const std::optional<std::string>& out, const Context& context);

  void keep(const CaseResult& row);
  /// @throws UsageError when the run file cannot be written; the rows are then in the journal
  void finish(const Run& run, double run_seconds, bool explain);

 private:
  void write(const Run& run);

  std::string path_;  ///< `-`: standard output
  std::unique_ptr<Journal> journal_{};
  bool told_ = false;
};

}  // namespace gpubench
