#include "reports/history/fleet_report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/compare/tables.hpp"
#include "reports/history/list_text.hpp"
#include "reports/history/missing.hpp"
#include "reports/wrapped.hpp"

namespace gpubench {
namespace {

constexpr int bad_status = 1, broken_status = 2, not_had_status = 3;

std::string place_text(const FleetMember& member) {
  return fmt::format("{}, {} ({})", member.node, member.called, short_device(member.device));
}

using Place = std::pair<std::string, std::string>;  ///< node and device, whatever the limits
Place place_of(const FleetMember& member) { return {member.node, member.device}; }

/// Who was there on the nights before, by place; the last that is told of it.
std::map<Place, FleetMember> members_before(const FleetValues& values, std::size_t night) {
  std::map<Place, FleetMember> before;
  const auto most = static_cast<std::size_t>(default_rules.fleet_nights);
  for (std::size_t i = night > most ? night - most : 0; i < night; ++i)
    for (const std::string& member : values.present[i].members) {
      const FleetMember& one = values.members.at(member);
      before[place_of(one)] = one;
    }
  return before;
}

void find_absent(FleetReport& report, const FleetValues& values, std::size_t night, const ContextOf& context_of) {
  const FleetPresence& present = values.present[night];
  std::map<Place, FleetMember> there;
  std::set<Place> measured;
  for (const std::string& member : present.members)
    there.emplace(place_of(values.members.at(member)), values.members.at(member));
  for (const FleetNode& node : values.nights[night].nodes) measured.insert(place_of(values.members.at(node.node)));
  report.nodes = present.runs_of_node.size();
  report.devices = measured.size();
  std::map<std::string, std::vector<Context>> contexts;  // of the nodes that were asked for
  const auto why = [&](const FleetMember& member) {
    auto& of_node = contexts[member.node];
    if (of_node.empty())
      for (const std::string& run : present.runs_of_node.at(member.node)) of_node.push_back(context_of(run));
    return why_gone(member.device, of_node);
  };
  const auto before = members_before(values, night);
  std::map<Place, FleetMember> asked = there;
  asked.insert(before.begin(), before.end());
  std::set<std::string> silent;
  for (const auto& [place, member] : asked) {
    if (measured.contains(place)) continue;
    const bool has_rows = there.contains(place);
    if (!present.runs_of_node.contains(member.node)) {
      silent.insert(member.node);
    } else if (const std::string gone = why(member); !gone.empty()) {
      report.gone.push_back(member);
      report.gone_why.push_back(gone);
    } else if (before.contains(place) && (has_rows || is_whole_gpu(member.device))) {
      report.without.push_back(member);
    }
  }
  report.silent.assign(silent.begin(), silent.end());
}

std::string sentence_of(const FleetReport& report) {
  const auto others = [](std::size_t count) { return count > 1 ? fmt::format(" (and {} more)", count - 1) : ""; };
  if (!report.gone.empty())
    return fmt::format(
        "gone: {}: {}{}", place_text(report.gone.front()), report.gone_why.front(), others(report.gone.size()));
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
        "not_run: {} measured on nights before, not tonight{}", report.silent.front(), others(report.silent.size()));
  if (!report.without.empty())
    return fmt::format("not_run: {}: no value tonight, it had some on nights before{}",
                       place_text(report.without.front()),
                       others(report.without.size()));
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
  return has(Verdict::undecided) || !silent.empty() || !without.empty() || verdict.judged == 0 ? not_had_status : 0;
}

FleetReport judge_fleet_night(const FleetValues& values, std::size_t night, const ContextOf& context_of) {
  const auto& again = values.again[night];
  FleetReport report{
      .night = values.nights[night].night,
      .verdict = judge_fleet(
          values.nights[night], values.groups, std::span(values.nights).first(night), again ? &*again : nullptr),
      .members = values.members};
  for (const FleetFinding& one : report.verdict.findings)
    report.found.push_back(values.members.at(values.nights[night].nodes[one.node].node));
  find_absent(report, values, night, context_of);
  return report;
}

std::string fleet_text(const FleetReport& report, std::size_t width) {
  std::string text = wrapped(sentence_of(report), 0, 2, width) + "\n\n" + findings_text(report, width);
  const auto say = [&](const std::string& line) { text += wrapped(line, 0, 2, width) + "\n"; };
  if (!report.verdict.retests.empty() || !report.gone.empty() || !report.silent.empty() || !report.without.empty())
    text += "\n";
  std::set<std::string> said;  // two devices of a node are measured again together
  for (const Retest& retest : report.verdict.retests)
    if (said.insert(report.members.at(retest.node).node).second) say(retest_text(report, retest));
  for (std::size_t i = 0; i < report.gone.size(); ++i)
    say(fmt::format("gone: {}: {}", place_text(report.gone[i]), report.gone_why[i]));
  for (const FleetMember& member : report.without) say("without a value: " + place_text(member));
  if (!report.silent.empty()) say(fmt::format("not measured tonight: {}", fmt::join(report.silent, ", ")));
  for (const std::string& note : report.verdict.notes) say(note);
  for (const std::string& file : report.broken) say("skipped: " + file);
  return text;
}

Json to_json(const FleetReport& report) {
  Json findings = Json::array(), retests = Json::array(), gone = Json::array(), without = Json::array();
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
  for (std::size_t i = 0; i < report.gone.size(); ++i) {
    gone.push_back(member_json(report.gone[i]));
    gone.back()["reason"] = report.gone_why[i];
  }
  for (const FleetMember& member : report.without) without.push_back(member_json(member));
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
          {"without_value", without},
          {"silent", report.silent},
          {"notes", report.verdict.notes},
          {"skipped_files", report.broken}};
}

}  // namespace gpubench
