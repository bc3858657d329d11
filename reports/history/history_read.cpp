#include <map>
#include <regex>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/history/history.hpp"
#include "reports/json.hpp"

namespace gpubench {
namespace {

/// Reads into one archive; what the filter leaves out is not read.
class Reader {
 public:
  Reader(const Database& database, const HistoryFilter& filter) : database_(database), filter_(filter) {
    if (filter.case_pattern) pattern_.emplace(*filter.case_pattern);
  }

  Archive read() && {
    read_series();
    read_conditions();
    read_runs();
    read_launches();
    read_standings();
    read_levels();
    return std::move(archive_);
  }

 private:
  bool is_wanted(const std::string& node) const { return !filter_.node || *filter_.node == node; }

  void read_series() {
    Statement rows = database_.prepare(fmt::format(
        "SELECT id, case_name, method, node, sku, device, mig, power_cap, clock_policy, figure, {} FROM series "
        "ORDER BY id",
        filter_.details ? "row" : "''"));
    while (rows.step()) {
      SeriesKey key{.case_name = rows.text(1),
                    .method = static_cast<int>(rows.integer(2)),
                    .node = rows.text(3),
                    .sku = rows.text(4),
                    .device = rows.text(5),
                    .mig = rows.text(6),
                    .power_cap = rows.text(7),
                    .clock_policy = rows.text(8)};
      if (!is_wanted(key.node) || (pattern_ && !std::regex_search(key.case_name, *pattern_))) continue;
      series_.emplace(rows.integer(0), archive_.series.size());
      archive_.series.push_back({.key = std::move(key), .figure = rows.text(9), .row = rows.text(10)});
    }
  }

  void read_conditions() {
    Statement rows = database_.prepare("SELECT id, facts FROM conditions ORDER BY id");
    while (rows.step()) {
      conditions_.emplace(rows.integer(0), archive_.conditions.size());
      const Json facts = Json::parse(rows.text(1), nullptr, false);
      if (!facts.is_object())
        throw UsageError(fmt::format("{}: damaged: conditions that are no JSON", database_.path()));
      Conditions& conditions = archive_.conditions.emplace_back();
      for (const auto& [what, value] : facts.items())
        if (value.is_string()) conditions.emplace(what, value.get<std::string>());
    }
  }

  void read_runs() {
    Statement rows =
        database_.prepare(fmt::format("SELECT id, identity, node, start, complete, digest, source, night, {} FROM run "
                                      "WHERE start >= ? ORDER BY node, start, identity",
                                      filter_.details || filter_.contexts ? "context" : "''"));
    rows.with(filter_.since.value_or(""));
    while (rows.step()) {
      if (!is_wanted(rows.text(2))) continue;
      runs_.emplace(rows.integer(0), archive_.runs.size());
      archive_.runs.push_back({.identity = rows.text(1),
                               .node = rows.text(2),
                               .start = rows.text(3),
                               .complete = rows.integer(4) != 0,
                               .digest = rows.text(5),
                               .source = rows.text(6),
                               .context = rows.text(8),
                               .night = rows.integer(7) != 0});
    }
  }

  void read_launches() {
    Statement rows = database_.prepare(fmt::format(
        "SELECT run, series, number, device, status, reason, finding_verdict, finding_reason, value, conditions, "
        "sm_clock_hz, watts, celsius, power_cap_share, slowdown_share, {} FROM launch {} ORDER BY run, series, number",
        filter_.details ? "detail" : "''",
        filter_.node || filter_.since
            ? "WHERE run IN (SELECT id FROM run WHERE start >= ?1 AND (?2 IS NULL OR node = ?2))"
            : ""));
    if (filter_.node || filter_.since) rows.with(filter_.since.value_or(""), filter_.node);
    while (rows.step()) {
      const auto run = runs_.find(rows.integer(0));
      const auto series = series_.find(rows.integer(1));
      if (run == runs_.end() || series == series_.end()) continue;
      KeptLaunch launch{.series = series->second,
                        .conditions = conditions_.at(rows.integer(9)),
                        .number = static_cast<int>(rows.integer(2)),
                        .device = rows.text(3),
                        .status = status_named(rows.text(4)),
                        .reason = rows.text(5),
                        .value = rows.number_if_any(8),
                        .readings = {.sm_clock_hz = rows.number_if_any(10),
                                     .watts = rows.number_if_any(11),
                                     .celsius = rows.number_if_any(12),
                                     .power_cap_share = rows.number_if_any(13),
                                     .slowdown_share = rows.number_if_any(14)},
                        .detail = rows.text(15)};
      if (!rows.is_null(6)) launch.finding = Finding{.verdict = rows.text(6), .reason = rows.text(7)};
      archive_.runs[run->second].launches.push_back(std::move(launch));
    }
  }

  void read_standings() {
    Statement rows = database_.prepare("SELECT run, series, standing, verdict FROM standing");
    while (rows.step()) {
      const auto run = runs_.find(rows.integer(0));
      const auto series = series_.find(rows.integer(1));
      if (run != runs_.end() && series != series_.end())
        archive_.runs[run->second].judgements.emplace(
            series->second,
            KeptJudgement{.standing = standing_named(rows.text(2)),
                          .verdict = verdict_named(rows.text(3)).value_or(Verdict::ok)});
    }
  }

  void read_levels() {
    Statement rows = database_.prepare("SELECT series, start, reason FROM level ORDER BY series, start");
    while (rows.step())
      if (const auto series = series_.find(rows.integer(0)); series != series_.end())
        archive_.levels[series->second].push_back({.start = rows.text(1), .reason = rows.text(2)});
  }

  const Database& database_;
  const HistoryFilter& filter_;
  std::optional<std::regex> pattern_{};
  Archive archive_{};
  std::unordered_map<std::int64_t, std::size_t> series_, conditions_, runs_;  ///< by id in the file
};

}  // namespace

Archive History::read(const HistoryFilter& filter) const {
  // One state of the file for all of it, whoever writes meanwhile.
  database_.run("BEGIN");
  try {
    Archive archive = Reader(database_, filter).read();
    database_.run("COMMIT");
    return archive;
  } catch (...) {
    database_.run("ROLLBACK");
    throw;
  }
}

std::string History::last_start() const {
  Statement row = database_.prepare("SELECT max(start) FROM run WHERE night != 0");
  return row.step() ? row.text(0) : "";
}

std::optional<Pin> History::pinned() const {
  Statement row = database_.prepare("SELECT command, program, digest, pinned FROM pin ORDER BY id DESC LIMIT 1");
  if (!row.step()) return std::nullopt;
  return Pin{.command = row.text(0), .program = row.text(1), .digest = row.text(2), .pinned = row.text(3)};
}

std::vector<std::string> History::pinned_runs() const {
  Statement rows = database_.prepare(
      "SELECT identity FROM run JOIN pin_run ON run.id = pin_run.run WHERE pin = (SELECT max(id) FROM pin) "
      "ORDER BY start, identity");
  std::vector<std::string> identities;
  while (rows.step()) identities.push_back(rows.text(0));
  return identities;
}

}  // namespace gpubench
