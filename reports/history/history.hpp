#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "reports/history/archive.hpp"
#include "reports/history/sqlite.hpp"

namespace gpubench {

/// Which part of a history is wanted; what is not told is all of it.
struct HistoryFilter {
  std::optional<std::string> case_pattern{};  ///< regular expression, found anywhere in the case name
  std::optional<std::string> node{};
  std::optional<std::string> since{};  ///< UTC: runs that started then or later
  bool contexts = false;               ///< KeptRun::context, too
  bool details = false;                ///< that, KeptSeries::row and KeptLaunch::detail
};

struct Pin {
  std::string command{};
  std::string program{};  ///< the file that the command starts; empty where it could not be told
  std::string digest{};   ///< SHA-256 of that file
  std::string pinned{};   ///< when, UTC
};

/// The file behind `gpubench history`: an SQLite database. A file of an older version is brought up to date by whoever
/// writes first, in one transaction, and read as it is until then; one of a newer version is refused and not touched.
/// Everything that goes wrong is a UsageError with the file's path, and leaves what was there.
class History {
 public:
  using Access = Database::Access;
  /// @param access write makes a file that is not there; read changes nothing, a file of an older version neither
  History(const std::filesystem::path& path, Access access);

  enum class Added {
    new_run,
    known,      ///< was there already: nothing changed
    completed,  ///< was there as a journal of a run that did not end; now all of it is, or more of it
  };
  struct AddedRun {
    Added what = Added::new_run;
    int launches = 0, without_value = 0;
  };
  /// All of a run file or nothing. @throws DatabaseError where the file behind it is the matter, UsageError where the
  /// run is. @param night false: launches of a pinned build, no night
  AddedRun add(const Run& run, const std::string& source, bool night = true);

  Archive read(const HistoryFilter& filter) const;
  struct Counts {
    std::int64_t runs = 0, series = 0, launches = 0;
  };
  Counts counts() const;
  std::string last_start() const;  ///< UTC, of its last run that is of a night; empty: none

  /// From the night of `start` on the series have another level. @returns how many series that is
  int accept(const std::vector<SeriesKey>& series,
             const std::string& start,
             const std::string& reason,
             const std::string& now);
  /// How the night of these runs stands to a series, and what was told of it.
  void stand(const SeriesKey& series, const std::vector<std::string>& identities, const KeptJudgement& judgement);

  /// The build that is judged against from now on, and its launches.
  void pin(const Pin& pin, const std::vector<Run>& runs, const std::vector<std::string>& sources);
  std::optional<Pin> pinned() const;  ///< the last one
  /// Identities of the runs by which the last one was pinned.
  std::vector<std::string> pinned_runs() const;

  /// Removes these runs and what nothing refers to any more. A run of a pinned build is never removed. @returns how
  /// many
  int remove(const std::vector<std::string>& identities);

 private:
  Database database_;
};

}  // namespace gpubench
