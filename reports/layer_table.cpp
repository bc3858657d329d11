#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "harness/measure/interval.hpp"
#include "harness/measure/statistics.hpp"
#include "reports/columns.hpp"
#include "reports/group_table.hpp"
#include "reports/rate.hpp"

namespace gpubench {
namespace {

/// The cases of one precision on one device by one implementation: a table of layers by passes.
struct Block {
  std::vector<const CaseSummary*> cases{};
  const CaseResult& row() const { return cases.front()->first(); }
};

std::vector<Block> blocks_of(const Group& group) {
  std::vector<Block> blocks;
  for (const CaseSummary& one : group.cases) {
    const CaseResult& row = one.first();
    const auto same = std::ranges::find_if(blocks, [&](const Block& block) {
      return block.row().precision == row.precision && block.row().device == row.device &&
             block.row().implementation == row.implementation;
    });
    (same != blocks.end() ? *same : blocks.emplace_back()).cases.push_back(&one);
  }
  return blocks;
}

template <class Text>
std::vector<std::string> distinct(const Block& block, Text text) {
  std::vector<std::string> texts;
  for (const CaseSummary* one : block.cases)
    if (const std::string next = text(*one->first().layer); std::ranges::find(texts, next) == texts.end())
      texts.push_back(next);
  return texts;
}

const CaseSummary* found(const Block& block, const std::string& layer, const std::string& pass) {
  const auto one = std::ranges::find_if(block.cases, [&](const CaseSummary* c) {
    return c->first().layer->name == layer && c->first().layer->pass == pass;
  });
  return one == block.cases.end() ? nullptr : *one;
}

using Cells = std::vector<std::string>;

/// The rate, and the share of the ceiling in per cent.
void add_cells(Cells& cells, const std::optional<Rate>& rate) {
  cells.push_back(rate ? number_text(*rate) : "");
  cells.push_back(rate && rate->of_ceiling
                      ? fmt::format("{:.{}f}", 100 * *rate->of_ceiling, *rate->of_ceiling < 0.0995 ? 1 : 0)
                      : "");
}

void add_cells(Cells& cells, const CaseSummary* one) {
  const CaseResult* without = one == nullptr ? nullptr : one->why_no_time();
  add_cells(cells, one == nullptr ? std::nullopt : rate_of(*one));
  if (without == nullptr) return;
  std::string status(name(without->status));
  std::ranges::replace(status, '_', ' ');
  cells[cells.size() - 2] = status;
}

/// All layers of a pass, as often as the network has them.
struct Total {
  double seconds = 0, work = 0;
  int layers = 0;
  std::vector<double> launches{};  ///< seconds in each launch that has them all
  std::optional<Rate> rate{};
};

/// None where a layer has no time: what is left would look like all.
std::optional<Total> total_of(const Block& block, const std::string& pass) {
  Total total;
  std::map<int, std::pair<std::size_t, double>> by_launch;
  std::size_t cases = 0;
  for (const CaseSummary* one : block.cases) {
    const LayerOf& layer = *one->first().layer;
    if (layer.pass != pass) continue;
    const auto rate = rate_of(*one);
    if (!rate) return std::nullopt;
    ++cases;
    total.layers += layer.count;
    total.seconds += layer.count * *one->seconds();
    total.work += layer.count * rate->per_second * *one->seconds();
    if (!total.rate) total.rate = rate;
    for (const CaseResult* row : one->ok()) {
      auto& [count, seconds] = by_launch[row->launch];
      ++count;
      seconds += layer.count * row->median_seconds;
    }
  }
  if (cases == 0) return std::nullopt;
  for (const auto& [launch, sum] : by_launch)
    if (sum.first == cases) total.launches.push_back(sum.second);
  const double before = total.rate->per_second;
  total.rate->per_second = total.work / total.seconds;
  if (total.rate->of_ceiling) *total.rate->of_ceiling *= total.rate->per_second / before;
  return total;
}

void add_totals(Columns& columns, const Block& block, const std::vector<std::string>& passes) {
  Cells times{"all of them", "", "time"}, rates{"", "", "rate"}, intervals{"", "", "95 % over launches"};
  int layers = 0;
  bool any_interval = false;
  for (const std::string& pass : passes) {
    const auto total = total_of(block, pass);
    const auto interval = total ? interval_over_launches(total->launches) : std::nullopt;
    times.insert(times.end(), {total ? text_of_seconds(total->seconds) : "incomplete", ""});
    add_cells(rates, total ? total->rate : std::nullopt);
    intervals.insert(
        intervals.end(),
        {interval ? fmt::format("±{}", text_of_percent((interval->high - interval->low) / 2 / total->seconds)) : "",
         ""});
    any_interval = any_interval || interval;
    if (total) layers = total->layers;
  }
  times[1] = layers > 0 ? std::to_string(layers) : "";
  columns.add_row(std::move(times));
  columns.add_row(std::move(rates));
  if (any_interval) columns.add_row(std::move(intervals));
}

std::string heading_of(const Group& group, const Block& block) {
  const auto differs = [&](std::string CaseResult::*member) {
    return std::ranges::any_of(group.cases,
                               [&](const CaseSummary& one) { return one.first().*member != block.row().*member; });
  };
  std::string text = block.row().precision;
  if (differs(&CaseResult::device)) text += " " + block.row().device;
  for (const CaseSummary* one : block.cases)
    if (const auto rate = rate_of(*one)) return text + ", " + rate->unit;
  return text;
}

std::string table_of(const Group& group, const Block& block) {
  const auto layers = distinct(block, [](const LayerOf& layer) { return layer.name; });
  const auto passes = distinct(block, [](const LayerOf& layer) { return layer.pass; });
  Columns columns;
  columns.add_column(heading_of(group, block));
  columns.add_column("count", Columns::Align::right);
  columns.add_column("shape");
  for (const std::string& pass : passes) {
    columns.add_column(pass, Columns::Align::right);
    columns.add_column("%", Columns::Align::right);
  }
  for (const std::string& layer : layers) {
    const LayerOf* first = nullptr;
    Cells cells;
    for (const std::string& pass : passes) {
      const CaseSummary* one = found(block, layer, pass);
      if (one != nullptr && first == nullptr) first = &*one->first().layer;
      add_cells(cells, one);
    }
    cells.insert(cells.begin(), {layer, std::to_string(first->count), first->shape});
    columns.add_row(std::move(cells));
  }
  if (layers.size() > 1) add_totals(columns, block, passes);
  return columns.text("  ");
}

/// `by onednn: brg:avx512_core x 14, gemm:jit x 1; spread 1.9 %, at most 8.1 %`: what the library chose, from the first
/// entry of the plans, and how far the samples of a case lie apart.
std::string chosen_line(const Block& block) {
  std::map<std::string, int> chosen;
  std::vector<double> spreads;
  for (const CaseSummary* one : block.cases) {
    if (!one->has_time()) continue;
    for (const char* what : {"matmul", "convolution"})
      if (const auto& plan = one->ok().front()->plan; plan.contains(what)) ++chosen[plan.at(what)];
    if (const auto spread = one->median_of([](const CaseResult& row) { return row.spread; }))
      spreads.push_back(*spread);
  }
  std::string text = "by " + block.row().implementation;
  for (const char* sign = ": "; const auto& [implementation, times] : chosen) {
    text += fmt::format("{}{} x {}", sign, implementation, times);
    sign = ", ";
  }
  if (!spreads.empty())
    text += fmt::format("; spread of a case {}, at most {}",
                        text_of_percent(median(spreads)),
                        text_of_percent(*std::ranges::max_element(spreads)));
  return text;
}

}  // namespace

bool has_layers(const Group& group) {
  return std::ranges::all_of(group.cases, [](const CaseSummary& one) { return one.first().layer.has_value(); });
}

std::string layer_table(const Group& group) {
  std::string text = group.title + " · rate and % of the ceiling\n";
  std::size_t launches = 0;
  for (const Block& block : blocks_of(group)) {
    const bool timed = std::ranges::any_of(block.cases, [](const CaseSummary* one) { return one->has_time(); });
    if (!timed) continue;
    for (const CaseSummary* one : block.cases) launches = std::max(launches, one->ok().size());
    text += table_of(group, block) + "    " + chosen_line(block) + "\n";
  }
  std::vector<std::string> last;
  if (launches == 1 || launches == 2)
    last.push_back(
        fmt::format("{}: no interval (--launches 5 gives one).", launches == 1 ? "One launch" : "Two launches"));
  for (const auto& lines : {lines_without_time(group), summed_remarks(group), last})
    for (const std::string& line : lines) text += "  " + line + "\n";
  return text;
}

}  // namespace gpubench
