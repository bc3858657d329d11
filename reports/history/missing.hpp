#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/history/checked.hpp"
#include "reports/history/nights.hpp"

namespace gpubench {

/// A case on a device, whatever limits it ran under.
using CasePlace = std::pair<std::string, std::string>;
inline CasePlace place_of(const SeriesKey& key) { return {key.case_name, key.device}; }

/// Slices and sets come and go with the layout; the CPU stays.
bool is_whole_gpu(const std::string& device);

/// Whether a GPU that was measured before is there on a night, by the last of its contexts that tells of GPUs.
/// @returns why not; empty: it is, or it is no whole GPU
std::string why_gone(const std::string& device, const std::vector<Context>& contexts);

/// What the nights before have and tonight has not.
struct Missing {
  std::vector<CheckedCase> cases{};                ///< no row of it at all
  std::map<CasePlace, std::string> unsupported{};  ///< a row that says so; when it ran last, `20261120`
  std::vector<GoneDevice> gone{};  ///< whatever their rows say; also one that is lost and was never seen
};

/// Looks at the last nights that others are judged against, and at series that have a night on their present level: a
/// case that was dropped on purpose is accepted like any other change.
/// @param past series of Archive::series before tonight, whatever the digest @param nights those before tonight
/// @param start of tonight @param there what tonight has rows of; false: unsupported
Missing find_missing(const Archive& archive,
                     const std::vector<Series>& past,
                     const std::vector<Night>& nights,
                     const std::string& start,
                     const std::map<CasePlace, bool>& there,
                     const std::vector<Context>& contexts);

}  // namespace gpubench
