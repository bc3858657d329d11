#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run.hpp"
#include "reports/compare/side.hpp"

namespace gpubench {

/// A row of a run file: a case that holds at most one value, and where it was measured.
struct RunRow {
  SideCase one{};
  std::string device{};  ///< `cuda:0`
  int launch = 0;
  double value = 0;
  Beside beside{};
  bool ok = false;
  bool contended = false;  ///< other processes took part of the CPU meanwhile
  std::string finding{};   ///< `degraded: …`: something is wrong with the machine; empty: nothing
};

/// What a comparison takes from one run file.
struct RunRows {
  Context context{};
  bool complete = true;
  std::vector<RunRow> rows{};
};

/// @throws UsageError with path and place
RunRows read_run_rows(const std::filesystem::path& path);
RunRows run_rows_of_text(const std::filesystem::path& path, std::string_view text);

}  // namespace gpubench
