#include "reports/history/list_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/measure/statistics.hpp"
#include "reports/compare/case_key.hpp"
#include "reports/compare/tables.hpp"
#include "reports/history/nights.hpp"
#include "reports/history/series_key.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

/// Medians of the nights that count on the present level.
std::vector<double> values_of_level(const Series& series) {
  std::vector<double> values;
  for (const SeriesNight& night : series.past)
    if (night.level == series.past.back().level && night.standing == Standing::accepted)
      values.push_back(median(night.launches));
  return values;
}

/// Robust: 1.4826 times the median distance from the median, which is the standard deviation of normal values.
double spread_of(const std::vector<double>& values) {
  std::vector<double> distances;
  for (const double value : values) distances.push_back(std::abs(value - median(values)));
  return 1.4826 * median(distances);
}

std::string change_text(const KeptSeries& series, double before, double now) {
  const double percent = 100 * (value_of_log_percent(series, now) / value_of_log_percent(series, before) - 1);
  return fmt::format("{:+.1f} %", std::abs(percent) < 0.05 ? 0 : percent);
}

/// `node7 · GPU-1a2b3c4d-… · h100_sxm5_80gb · 700 W`
std::string place_text(const SeriesKey& key) {
  std::vector<std::string> facts;
  for (const std::string& fact : {key.node, key.device, key.sku, key.mig, key.power_cap, key.clock_policy})
    if (!fact.empty() && fact != "as found") facts.push_back(fact);
  return fmt::format("{}", fmt::join(facts, " · "));
}

ReportTable list_table(const SeriesKey& key) {
  return {.title = place_text(key),
          .columns = {{"case"},
                      {"nights", true, 3},
                      {"usual", true, 2},
                      {"last", true},
                      {"unit"},
                      {"change", true},
                      {"spread", true, 1},
                      {"last night", false, 4}}};
}

void add_line(ReportTable& table, const KeptSeries& kept, const Series& series) {
  const std::vector<double> values = values_of_level(series);
  const double last = median(series.past.back().launches);
  const double usual = values.empty() ? last : median(values);
  const FigureUnit unit = unit_of_key(kept.figure);
  const auto told = [&](double value) { return value_text(value_of_log_percent(kept, value) / unit.one); };
  table.rows.push_back({series.key.case_name,
                        std::to_string(series.past.size()),
                        told(usual),
                        told(last),
                        unit.unit,
                        change_text(kept, usual, last),
                        values.size() < 3 ? "" : fmt::format("{:.2f} %", spread_of(values)),
                        day_of(series.past.back().night)});
}

}  // namespace

std::string value_text(const KeptSeries& series, double value) {
  const FigureUnit unit = unit_of_key(series.figure);
  return fmt::format("{} {}", value_text(value / unit.one), unit.unit);
}

std::string day_of(const std::string& night) {
  if (night.size() < 8) return night;
  return fmt::format("{}-{}-{}", night.substr(0, 4), night.substr(4, 2), night.substr(6, 2));
}

std::string short_device(const std::string& device) {
  const std::size_t dash = device.find('-');
  const std::size_t second = dash == std::string::npos ? dash : device.find('-', dash + 1);
  return second == std::string::npos ? device : device.substr(0, second);
}

std::string history_list_text(const Archive& archive, std::size_t width) {
  const std::vector<Series> all = series_of(archive);
  std::map<std::string, ReportTable> tables;  // by node and device
  int without = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].past.empty()) {
      ++without;
      continue;
    }
    add_line(
        tables.try_emplace(place_text(all[i].key), list_table(all[i].key)).first->second, archive.series[i], all[i]);
  }
  std::string text =
      fmt::format("{} series, {} nights of {} runs\n", all.size(), nights_of(archive).size(), archive.runs.size());
  for (const auto& [place, table] : tables) text += "\n" + table_text(table, width);
  if (without > 0) text += fmt::format("\n{} more have no night with a value.\n", without);
  if (tables.empty()) return text;
  return text +
         fmt::format("\n{}\n",
                     wrapped("usual: median of the accepted nights since the last `accept`; spread: 1.4826 times "
                             "their median distance from it, from three nights on.",
                             0,
                             2,
                             width));
}

std::string history_show_text(const Archive& archive, std::size_t width) {
  std::string text;
  const std::vector<Series> all = series_of(archive);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SeriesKey& key = all[i].key;
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", key.case_name);
    text += fmt::format("  {}\n", wrapped(fmt::format("{} · method {}", place_text(key), key.method), 2, 4, width));
    ReportTable table{
        .title = {},
        .columns = {
            {"night"}, {"launches", true}, {"value", true}, {"", true}, {"stands"}, {"changed", false, 0, true}}};
    const SeriesNight* before = nullptr;
    for (const SeriesNight& night : all[i].past) {
      const double value = median(night.launches);
      const bool new_level = before != nullptr && before->level != night.level;
      std::vector<std::string> changed;
      if (new_level) changed.emplace_back("new level accepted");
      if (before != nullptr)
        for (const std::string& change : changes(before->conditions, night.conditions)) changed.push_back(change);
      table.rows.push_back({night.night,
                            std::to_string(night.launches.size()),
                            value_text(archive.series[i], value_of_log_percent(archive.series[i], value)),
                            before == nullptr ? "" : change_text(archive.series[i], median(before->launches), value),
                            std::string(name(night.standing)),
                            fmt::format("{}", fmt::join(changed, "; "))});
      before = &night;
    }
    if (table.rows.empty())
      text += "  no night with a value\n";
    else
      text += table_text(table, width).substr(1);  // its title is above
  }
  return text.empty() ? "no such series\n" : text;
}

}  // namespace gpubench
