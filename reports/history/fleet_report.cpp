#include "reports/history/fleet_report.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/compare/tables.hpp"
#include "reports/history/list_text.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

constexpr int bad_status = 1, broken_status = 2, not_had_status = 3;

std::string place_text(const FleetMember& member) {
  return fmt::format("{}, {} ({})", member.node, member.called, short_device(member.device));
}

void find_absent(FleetReport& report, const FleetValues& values, std::size_t night) {
  std::set<std::string> nodes, members;
  for (const FleetNode& node : values.nights[night].nodes) {
    members.insert(node.node);
    nodes.insert(values.members.at(node.node).node);
  }
  report.nodes = nodes.size();
  report.devices = members.size();
  if (night == 0) return;
  std::set<std::string> silent;
  for (const FleetNode& node : values.nights[night - 1].nodes) {
    const FleetMember& member = values.members.at(node.node);
    if (!nodes.contains(member.node))
      silent.insert(member.node);
    else if (!members.contains(node.node))
      report.gone.push_back(member);
  }
  report.silent.assign(silent.begin(), silent.end());
}

std::string sentence_of(const FleetReport& report) {
  const auto others = [](std::size_t count) { return count > 1 ? fmt::format(" (and {} more)", count - 1) : ""; };
  if (!report.gone.empty())
    return fmt::format("gone: {}: measured the night before, and its node without it tonight{}",
                       place_text(report.gone.front()),
                       others(report.gone.size()));
  if (!report.verdict.findings.empty()) {
    const FleetFinding& worst = report.verdict.findings.front();
    return fmt::format("{}: {}, {}: {}{}",
                       name(worst.verdict),
                       place_text(report.found.front()),
                       name(worst.subsystem),
                       worst.sentence,
                       others(report.verdict.findings.size()));
  }
  if (!report.silent.empty())
    return fmt::format(
        "not_run: {} measured the night before, not tonight{}", report.silent.front(), others(report.silent.size()));
  if (report.verdict.judged == 0)
    return fmt::format("no_history: nothing to compare: {}", fmt::join(report.verdict.notes, "; "));
  return fmt::format("ok: {} devices of {} nodes, night {}: none is behind its peers",
                     report.devices,
                     report.nodes,
                     day_of(report.night));
}

std::string findings_text(const FleetReport& report, std::size_t width) {
  ReportTable table{.title = fmt::format("Night {}: {} devices of {} nodes, {} with peers",
                                         report.night,
                                         report.devices,
                                         report.nodes,
                                         report.verdict.judged),
                    .columns = {{"node"},
                                {"device", false, 1},
                                {"subsystem"},
                                {"verdict"},
                                {"slower", true},
                                {"limits", false, 2},
                                {"why", false, 0, true}}};
  for (std::size_t i = 0; i < report.verdict.findings.size(); ++i) {
    const FleetFinding& one = report.verdict.findings[i];
    const FleetMember& member = report.found[i];
    table.rows.push_back({member.node,
                          fmt::format("{} {}", member.called, short_device(member.device)),
                          std::string(name(one.subsystem)),
                          std::string(name(one.verdict)),
                          fmt::format("{:+.1f} %", one.percent),
                          member.limits,
                          one.sentence});
  }
  return table.rows.empty() ? table.title + "\n" : table_text(table, width);
}

Json member_json(const FleetMember& member) {
  return {{"node", member.node}, {"device", member.called}, {"uuid", member.device}, {"sku", member.sku}};
}

/// Nodes to run on: devices are not run by themselves.
std::vector<std::string> nodes_of(const FleetReport& report, const Retest& retest) {
  std::vector<std::string> nodes;
  for (const std::string& peer : retest.peers)
    if (const std::string& node = report.members.at(peer).node;
        std::ranges::find(nodes, node) == nodes.end() && node != report.members.at(retest.node).node)
      nodes.push_back(node);
  return nodes;
}

std::string retest_text(const FleetReport& report, const Retest& retest) {
  const auto peers = nodes_of(report, retest);
  return fmt::format("measure again: {}{}",
                     report.members.at(retest.node).node,
                     peers.empty() ? "" : fmt::format(", with its peers {}", fmt::join(peers, ", ")));
}

}  // namespace

int FleetReport::exit_status() const {
  const auto has = [this](Verdict wanted) {
    return std::ranges::any_of(verdict.findings, [&](const FleetFinding& one) { return one.verdict == wanted; });
  };
  if (!gone.empty() || has(Verdict::degraded)) return bad_status;
  if (!broken.empty()) return broken_status;
  return has(Verdict::undecided) || !silent.empty() || verdict.judged == 0 ? not_had_status : 0;
}

FleetReport judge_fleet_night(const FleetValues& values, std::size_t night) {
  const auto& again = values.again[night];
  FleetReport report{
      .night = values.nights[night].night,
      .verdict = judge_fleet(
          values.nights[night], values.groups, std::span(values.nights).first(night), again ? &*again : nullptr),
      .members = values.members};
  for (const FleetFinding& one : report.verdict.findings)
    report.found.push_back(values.members.at(values.nights[night].nodes[one.node].node));
  find_absent(report, values, night);
  return report;
}

std::string fleet_text(const FleetReport& report, std::size_t width) {
  std::string text = wrapped(sentence_of(report), 0, 2, width) + "\n\n" + findings_text(report, width);
  const auto say = [&](const std::string& line) { text += wrapped(line, 0, 2, width) + "\n"; };
  if (!report.verdict.retests.empty() || !report.gone.empty() || !report.silent.empty()) text += "\n";
  std::set<std::string> said;  // two devices of a node are measured again together
  for (const Retest& retest : report.verdict.retests)
    if (said.insert(report.members.at(retest.node).node).second) say(retest_text(report, retest));
  for (const FleetMember& member : report.gone) say("gone: " + place_text(member));
  if (!report.silent.empty()) say(fmt::format("not measured tonight: {}", fmt::join(report.silent, ", ")));
  for (const std::string& note : report.verdict.notes) say(note);
  for (const std::string& file : report.broken) say("skipped: " + file);
  return text;
}

Json to_json(const FleetReport& report) {
  Json findings = Json::array(), retests = Json::array(), gone = Json::array();
  for (std::size_t i = 0; i < report.verdict.findings.size(); ++i) {
    const FleetFinding& one = report.verdict.findings[i];
    Json json = member_json(report.found[i]);
    json["subsystem"] = name(one.subsystem);
    json["verdict"] = name(one.verdict);
    json["slower_percent"] = one.percent;
    json["reason"] = one.sentence;
    findings.push_back(json);
  }
  for (const Retest& retest : report.verdict.retests)
    retests.push_back({{"node", report.members.at(retest.node).node}, {"peers", nodes_of(report, retest)}});
  for (const FleetMember& member : report.gone) gone.push_back(member_json(member));
  return {{"gpubench_fleet", 1},
          {"night", report.night},
          {"exit_status", report.exit_status()},
          {"sentence", sentence_of(report)},
          {"nodes", report.nodes},
          {"devices", report.devices},
          {"judged", report.verdict.judged},
          {"findings", findings},
          {"retests", retests},
          {"gone", gone},
          {"silent", report.silent},
          {"notes", report.verdict.notes},
          {"skipped_files", report.broken}};
}

}  // namespace gpubench
