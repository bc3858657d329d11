#include "reports/history/checked.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "reports/history/check_node.hpp"
#include "reports/history/list_text.hpp"
#include "reports/history/nights.hpp"

namespace gpubench {
namespace {

constexpr int bad_status = 1, broken_status = 2, not_had_status = 3;

/// What ends the program with which status, and how it is called on the first line.
struct Weight {
  int status = 0;
  int order = 0;  ///< among those of one status; less is told first
  std::string word{};
};

Weight weight_of(const CheckedCase& one) {
  if (one.status == Status::wrong_result || one.status == Status::implausible)
    return {bad_status, 1, std::string(name(one.status))};
  if (one.finding) return {bad_status, 2, one.finding->verdict};
  if (one.missing) return {not_had_status, 3, "missing"};
  if (one.status == Status::unsupported) return {0, 100, "unsupported"};
  if (one.status != Status::ok) return {not_had_status, 2, std::string(name(one.status))};
  return {exit_status_of(one.verdict), 10 + static_cast<int>(one.verdict), std::string(name(one.verdict))};
}

/// 1, 2, 3, 0: the first that applies.
int rank(int status) { return status == 0 ? 4 : status; }

auto order_of(const CheckedCase& one) {
  const Weight weight = weight_of(one);
  const bool is_quiet = weight.status == 0 && one.verdict >= Verdict::insensitive;  // these stay in the order of names
  return std::tuple(rank(weight.status), weight.order, is_quiet ? 0 : -one.slower_percent);
}

std::string device_text(const CheckedCase& one) {
  const std::string device = short_device(one.key.device);
  if (one.device.empty() || one.device == device) return device;
  return fmt::format("{} ({})", one.device, device);
}

std::string values_text(const CheckedCase& one) {
  if (!one.usual || !one.tonight) return {};
  const KeptSeries told{.figure = one.figure};
  return fmt::format("{} instead of {}, ", value_text(told, *one.tonight), value_text(told, *one.usual));
}

std::string case_sentence(const CheckedNode& node, const CheckedCase& one, const std::string& word) {
  const std::string place = fmt::format("{}: {}, {}, {}", word, node.node, device_text(one), one.key.case_name);
  if (one.status == Status::ok && one.finding) return fmt::format("{}: {}", place, one.finding->reason);
  std::string text = fmt::format("{}: {}{}", place, one.status == Status::ok ? values_text(one) : "", one.reason);
  if (one.status == Status::ok && one.verdict != Verdict::no_history && !one.changed.empty())
    text += fmt::format("; first suspect: {}", one.changed.front());
  return text;
}

/// Nothing to complain about.
std::string quiet_sentence(const CheckedNode& node) {
  int judged = 0, nights = 0;
  double least = 1e9, most = 0;
  for (const CheckedCase& one : node.cases) {
    if (one.status != Status::ok || one.verdict == Verdict::no_history) continue;
    ++judged;
    nights = std::max(nights, one.nights);
    if (one.detectable_percent <= 0) continue;
    least = std::min(least, one.detectable_percent);
    most = std::max(most, one.detectable_percent);
  }
  std::string text = fmt::format("ok: {}, {} case{} judged against {} night{}",
                                 node.node,
                                 judged,
                                 judged == 1 ? "" : "s",
                                 nights,
                                 nights == 1 ? "" : "s");
  if (most > 0) text += fmt::format("; a change of {:.1f} to {:.1f} % would be seen", least, most);
  return text;
}

void settle(CheckedNode& node) {
  std::ranges::stable_sort(node.cases, {}, order_of);
  for (const CheckedCase& one : node.cases)
    if (one.status == Status::ok) node.verdict = std::min(node.verdict, one.verdict);
  const bool nothing = node.coverage.ran == 0;
  const Weight worst = node.cases.empty() ? Weight{.status = not_had_status} : weight_of(node.cases.front());
  node.exit_status = worst.status;
  const bool only_interrupted = rank(node.exit_status) > rank(not_had_status) && node.interrupted && node.gone.empty();
  if (rank(node.exit_status) > rank(not_had_status) && (nothing || node.interrupted)) node.exit_status = not_had_status;
  if (!node.gone.empty()) node.exit_status = bad_status;
  node.sentence = node_sentence(node);
  if (only_interrupted) node.sentence = "interrupted: the run did not end; " + node.sentence;
  node.word = node.sentence.substr(0, node.sentence.find(':'));
  if (node.word == "ok") node.word = name(node.verdict);
}

}  // namespace

std::string node_sentence(const CheckedNode& node) {
  if (!node.gone.empty()) {
    const std::string others = node.gone.size() > 1 ? fmt::format(" (and {} more)", node.gone.size() - 1) : "";
    return fmt::format("gone: {}, {}{}: {}", node.node, node.gone.front().device, others, node.gone.front().reason);
  }
  const auto is_told = [](const CheckedCase& one) {
    return weight_of(one).status != 0 || (one.status == Status::ok && one.verdict < Verdict::insensitive);
  };
  const auto count = std::ranges::count_if(node.cases, is_told);
  if (count > 0) {
    const CheckedCase& worst = node.cases.front();
    const std::string others = count > 1 ? fmt::format(" (and {} more)", count - 1) : "";
    return case_sentence(node, worst, weight_of(worst).word) + others;
  }
  if (node.coverage.ran == 0) return fmt::format("not_run: {}, nothing was measured", node.node);
  const bool all_new = std::ranges::none_of(node.cases, [](const CheckedCase& one) {
    return one.status == Status::ok && one.verdict != Verdict::no_history;
  });
  if (all_new) return fmt::format("no_history: {}, {}", node.node, node.cases.front().reason);
  const auto blind = std::ranges::count_if(node.cases, [](const CheckedCase& one) {
    return one.status == Status::ok && one.verdict == Verdict::insensitive;
  });
  std::string text = quiet_sentence(node);
  if (blind > 0) text += fmt::format("; {} too noisy to see 2 %", blind);
  return text;
}

int Checked::exit_status() const {
  int status = broken.empty() ? (nodes.empty() ? not_had_status : 0) : broken_status;
  for (const CheckedNode& node : nodes)
    if (rank(node.exit_status) < rank(status)) status = node.exit_status;
  return status;
}

Checked check_nights(const Archive& known, const std::vector<std::string>& judged) {
  const std::set<std::string> wanted(judged.begin(), judged.end());
  const auto nights = nights_of(known, [&](const KeptRun& run) { return wanted.contains(run.identity); });
  Checked checked;
  for (std::size_t i = 0; i < nights.size(); ++i) {
    if (i + 1 < nights.size() && nights[i + 1].node == nights[i].node) continue;
    const NodeTonight tonight{.node = nights[i].node, .night = nights[i].name, .runs = nights[i].runs};
    checked.nodes.push_back(check_node(known, tonight, wanted));
    CheckedNode& node = checked.nodes.back();
    if (i > 0 && nights[i - 1].node == node.node)
      node.notes.push_back(
          fmt::format("the runs given are of several nights: {} is judged, those before it are past", node.night));
    settle(node);
  }
  std::ranges::stable_sort(
      checked.nodes, {}, [](const CheckedNode& node) { return std::tuple(rank(node.exit_status), node.verdict); });
  return checked;
}

}  // namespace gpubench
