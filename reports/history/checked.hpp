#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/measure/statistics.hpp"
#include "reports/exit_status.hpp"
#include "reports/history/archive.hpp"
#include "reports/verdict/verdict.hpp"

namespace gpubench {

// Run files that are there, judged against other nights without measuring anything again (`gpubench check`).

/// A case on a device: what its values say, or why it has none.
struct CheckedCase {
  SeriesKey key{};
  std::string device{};  ///< as the run file calls it: `cuda:0`
  std::string figure{};  ///< key of the figure: `flops_per_second`; empty: seconds of one run
  Status status = Status::ok;
  bool missing = false;  ///< the nights before have it, tonight has no value of it and no failure to show for it
  bool is_new = false;   ///< no night before has it

  Verdict verdict = Verdict::ok;  ///< where status is ok
  std::string reason{};           ///< a sentence's part
  std::optional<Finding> finding{};

  std::optional<double> usual{}, tonight{};  ///< of the figure
  double slower_percent = 0;                 ///< log-percent above what was to be expected
  std::optional<Interval> change{};          ///< 99 % interval of tonight / usual, as the figure counts
  double detectable_percent = 0;             ///< what would be seen on one night; 0: not known
  int nights = 0;                            ///< that it is judged against
  int launches_past = 0, launches_tonight = 0;
  std::vector<std::string> changed{};  ///< conditions since the night before: the first suspects
};

/// A device that the nights before have.
struct GoneDevice {
  std::string device{};  ///< UUID
  std::string reason{};
};

struct CheckedNode {
  std::string node{};
  std::string night{};
  std::vector<CheckedCase> cases{};  ///< by device, the most serious first; then what is missing
  std::vector<GoneDevice> gone{};
  Coverage coverage{};
  int not_in_baseline = 0, missing = 0;
  bool interrupted = false;
  std::vector<std::string> notes{};  ///< sentences: earlier runs that were taken for the past, no common mode

  Verdict verdict = Verdict::ok;  ///< the most serious of its cases
  std::string word{};             ///< what the sentence begins with: a verdict, a status, gone, missing, interrupted
  std::string sentence{};         ///< `regression: node7, cuda:3 …`, the one line to read
  int exit_status = 0;            ///< DESIGN 4, without files that are broken
};

struct Checked {
  std::vector<CheckedNode> nodes{};
  std::vector<std::string> broken{};  ///< files that were skipped, a sentence each
  int exit_status() const;            ///< 3 where there is no night to judge
};

/// @param known the nights to judge against and the runs to be judged; other nodes may be in it
/// @param judged identities of the runs to be judged. Of each node its last night is judged, and the runs among them
/// that are of earlier nights are past; everything else is past whenever it was measured, so that two runs of one
/// afternoon can be told apart
Checked check_nights(const Archive& known, const std::vector<std::string>& judged);

}  // namespace gpubench
