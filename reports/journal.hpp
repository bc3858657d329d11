#pragma once

#include <filesystem>

#include "harness/run.hpp"

namespace gpubench {

/// Keeps what is finished while a run goes on: line 1 the context, then a row a line, each flushed as it is written.
/// The file is `<out>.journal`; it is removed by done() and left behind by anything else.
class Journal {
 public:
  /// Creates the file. @throws UsageError when it cannot be written: better now than after an hour.
  Journal(const std::filesystem::path& out, const Context& context);
  Journal(const Journal&) = delete;
  Journal(Journal&&) = delete;
  Journal& operator=(const Journal&) = delete;
  Journal& operator=(Journal&&) = delete;
  ~Journal();

  /// @returns false when the disk refused the row; the run goes on, the sentence is for the user.
  bool append(const CaseResult& row, std::string& why_not);
  /// The run file is complete: the journal goes.
  void done();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int file_ = -1;
};

}  // namespace gpubench
