#include "reports/history/history.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/file_size_signal.hpp"
#include "reports/history/versions.hpp"
#include "reports/json.hpp"

namespace gpubench {
namespace {

constexpr const char* of_series =
    "case_name = ? AND method = ? AND node = ? AND sku = ? AND device = ? AND mig = ? AND power_cap = ? AND "
    "clock_policy = ?";

std::optional<std::int64_t> found_series(const Database& database, const SeriesKey& key) {
  Statement found = database.prepare(fmt::format("SELECT id FROM series WHERE {}", of_series));
  found.with(key.case_name, key.method, key.node, key.sku, key.device, key.mig, key.power_cap, key.clock_policy);
  return found.step() ? std::optional(found.integer(0)) : std::nullopt;
}

std::optional<std::int64_t> found_run(const Database& database, const std::string& identity) {
  Statement found = database.prepare("SELECT id FROM run WHERE identity = ?");
  return found.with(identity).step() ? std::optional(found.integer(0)) : std::nullopt;
}

/// Writes one run: series and conditions that are not there yet, then its launches.
class RunWriter {
 public:
  RunWriter(const Database& database, const Archive& part) : database_(database), part_(part) {}

  void write(bool night) {
    const KeptRun& run = part_.runs.front();
    database_
        .prepare(
            "INSERT INTO run (identity, node, start, complete, digest, source, context, night) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .with(run.identity, run.node, run.start, run.complete, run.digest, run.source, run.context, night)
        .run();
    id_ = database_.last_id();
    write_launches(run);
  }

  /// The rest of a run that was there as a journal: its launches again, all of them.
  void complete(std::int64_t id) {
    const KeptRun& run = part_.runs.front();
    id_ = id;
    database_.prepare("DELETE FROM launch WHERE run = ?").with(id).run();
    database_.prepare("UPDATE run SET complete = ?, source = ?, context = ? WHERE id = ?")
        .with(run.complete, run.source, run.context, id)
        .run();
    write_launches(run);
  }

 private:
  void write_launches(const KeptRun& run) {
    Statement insert = database_.prepare(
        "INSERT INTO launch (run, series, number, device, status, reason, finding_verdict, finding_reason, "
        "value, conditions, detail, sm_clock_hz, watts, celsius, power_cap_share, slowdown_share) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const KeptLaunch& launch : run.launches) {
      const auto verdict = launch.finding ? std::optional(launch.finding->verdict) : std::nullopt;
      const auto reason = launch.finding ? std::optional(launch.finding->reason) : std::nullopt;
      const Readings& readings = launch.readings;
      insert
          .with(id_,
                series_id(launch.series),
                launch.number,
                launch.device,
                name(launch.status),
                launch.reason,
                verdict,
                reason,
                launch.value,
                conditions_id(launch.conditions),
                launch.detail,
                readings.sm_clock_hz,
                readings.watts,
                readings.celsius,
                readings.power_cap_share,
                readings.slowdown_share)
          .run();
    }
  }

  std::int64_t series_id(std::size_t series) {
    const auto known = series_.find(series);
    if (known != series_.end()) return known->second;
    const KeptSeries& one = part_.series[series];
    const SeriesKey& key = one.key;
    if (const auto found = found_series(database_, key)) {
      refuse_another_figure(*found, one);
      // So far it may have had rows that did not run, which know no figure.
      database_.prepare("UPDATE series SET figure = ?, row = ? WHERE id = ? AND figure = '' AND ? != ''")
          .with(one.figure, one.row, *found, one.figure)
          .run();
      return series_[series] = *found;
    }
    database_
        .prepare(
            "INSERT INTO series (case_name, method, node, sku, device, mig, power_cap, clock_policy, figure, row) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .with(key.case_name,
              key.method,
              key.node,
              key.sku,
              key.device,
              key.mig,
              key.power_cap,
              key.clock_policy,
              one.figure,
              one.row)
        .run();
    return series_[series] = database_.last_id();
  }

  void refuse_another_figure(std::int64_t id, const KeptSeries& told) const {
    Statement kept = database_.prepare("SELECT figure FROM series WHERE id = ? AND figure NOT IN ('', ?)");
    if (!told.figure.empty() && kept.with(id, told.figure).step())
      throw UsageError(
          fmt::format("{}: {}", part_.runs.front().source, figure_changed(told.key, kept.text(0), told.figure)));
  }

  std::int64_t conditions_id(std::size_t conditions) {
    const auto known = conditions_.find(conditions);
    if (known != conditions_.end()) return known->second;
    const std::string facts = Json(part_.conditions[conditions]).dump(-1, ' ', false, Json::error_handler_t::replace);
    database_.prepare("INSERT OR IGNORE INTO conditions (facts) VALUES (?)").with(facts).run();
    Statement found = database_.prepare("SELECT id FROM conditions WHERE facts = ?");
    found.with(facts).step();
    return conditions_[conditions] = found.integer(0);
  }

  const Database& database_;
  const Archive& part_;
  std::int64_t id_ = 0;
  std::map<std::size_t, std::int64_t> series_, conditions_;
};

History::AddedRun add_run(const Database& database, const Run& run, const std::string& source, bool night) {
  Archive part;
  gpubench::add(part, run, source);
  History::AddedRun added;
  for (const KeptLaunch& launch : part.runs.front().launches) ++(launch.value ? added.launches : added.without_value);
  const auto known = found_run(database, part.runs.front().identity);
  if (!known) {
    RunWriter(database, part).write(night);
    return added;
  }
  added.what = History::Added::known;
  if (night) database.prepare("UPDATE run SET night = 1 WHERE id = ?").with(*known).run();
  Statement there =
      database.prepare("SELECT complete, (SELECT count(*) FROM launch WHERE run = run.id) FROM run WHERE id = ?");
  there.with(*known).step();
  const auto rows = static_cast<std::int64_t>(part.runs.front().launches.size());
  const bool was_complete = there.integer(0) != 0, has_more = rows > there.integer(1);
  while (there.step()) {
  }
  if (!was_complete && (run.complete || has_more)) {
    RunWriter(database, part).complete(*known);
    added.what = History::Added::completed;
  }
  return added;
}

}  // namespace

History::History(const std::filesystem::path& path, Access access) : database_(path, access) {
  const FileSizeSignalHeld held;
  bring_up_to_date(database_, access);
}

History::AddedRun History::add(const Run& run, const std::string& source, bool night) {
  const FileSizeSignalHeld held;
  Transaction transaction(database_);
  const AddedRun added = add_run(database_, run, source, night);
  transaction.commit();
  return added;
}

History::Counts History::counts() const {
  return {.runs = database_.number("SELECT count(*) FROM run"),
          .series = database_.number("SELECT count(*) FROM series"),
          .launches = database_.number("SELECT count(*) FROM launch")};
}

int History::accept(const std::vector<SeriesKey>& series,
                    const std::string& start,
                    const std::string& reason,
                    const std::string& now) {
  const FileSizeSignalHeld held;
  Transaction transaction(database_);
  int accepted = 0;
  for (const SeriesKey& key : series) {
    const auto id = found_series(database_, key);
    if (!id) continue;
    database_.prepare("INSERT OR REPLACE INTO level (series, start, reason, accepted) VALUES (?, ?, ?, ?)")
        .with(*id, start, reason, now)
        .run();
    // What made these nights suspects is accepted.
    database_
        .prepare(
            "DELETE FROM standing WHERE series = ?1 AND standing != 'invalid' AND run IN "
            "(SELECT id FROM run WHERE start >= ?2)")
        .with(*id, start)
        .run();
    ++accepted;
  }
  transaction.commit();
  return accepted;
}

void History::stand(const SeriesKey& series,
                    const std::vector<std::string>& identities,
                    const KeptJudgement& judgement) {
  const FileSizeSignalHeld held;
  Transaction transaction(database_);
  const auto id = found_series(database_, series);
  for (const std::string& identity : identities)
    if (const auto run = found_run(database_, identity); run && id)
      database_.prepare("INSERT OR REPLACE INTO standing (run, series, standing, verdict) VALUES (?, ?, ?, ?)")
          .with(*run, *id, name(judgement.standing), name(judgement.verdict))
          .run();
  transaction.commit();
}

void History::pin(const Pin& pin, const std::vector<Run>& runs, const std::vector<std::string>& sources) {
  const FileSizeSignalHeld held;
  Transaction transaction(database_);
  database_.prepare("INSERT INTO pin (command, program, digest, pinned) VALUES (?, ?, ?, ?)")
      .with(pin.command, pin.program, pin.digest, pin.pinned)
      .run();
  const std::int64_t id = database_.last_id();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    (void)add_run(database_, runs[i], sources[i], false);
    database_.prepare("INSERT OR IGNORE INTO pin_run (pin, run) VALUES (?, ?)")
        .with(id, *found_run(database_, identity_of(runs[i].context)))
        .run();
  }
  transaction.commit();
}

int History::remove(const std::vector<std::string>& identities) {
  const FileSizeSignalHeld held;
  Transaction transaction(database_);
  int removed = 0;
  for (const std::string& identity : identities) {
    database_.prepare("DELETE FROM run WHERE identity = ? AND id NOT IN (SELECT run FROM pin_run)")
        .with(identity)
        .run();
    removed += database_.changes();
  }
  database_.run("DELETE FROM series WHERE id NOT IN (SELECT series FROM launch)");
  database_.run("DELETE FROM conditions WHERE id NOT IN (SELECT conditions FROM launch)");
  transaction.commit();
  return removed;
}

}  // namespace gpubench
