#pragma once

#include <set>
#include <string>

#include "harness/run.hpp"

namespace gpubench {

/// How many cases ended how; skipped is never passed. A case of several launches counts once, as its worst launch.
struct Coverage {
  int ran = 0;  ///< ok
  int unsupported = 0;
  int failed = 0;  ///< failed, timed_out, wrong_result, implausible
  int not_run = 0;
};
Coverage coverage(const Run& run);
/// `ran 4, unsupported 4, failed 0` and, where there are some, `, not run 2`
std::string text_of(const Coverage& coverage);

/// The exit status of `run` by the table of DESIGN 4, top down: 1 wrong or degraded, 3 asked for and not had, 0 the
/// rest.
/// @param named_in_full case names that the user asked for by their full name: unsupported is then 3
int exit_status(const Run& run, const std::set<std::string>& named_in_full, bool interrupted);

}  // namespace gpubench
