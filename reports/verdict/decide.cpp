#include "reports/verdict/decide.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace gpubench {
namespace {

std::string of_code(const Paired& paired) {
  std::string told = fmt::format("{:+.2f} % against the pinned build", paired.percent);
  if (paired.interval) told += fmt::format(" ({:+.2f} to {:+.2f})", paired.interval->low, paired.interval->high);
  return told + fmt::format(", {} pairs, p {:.4f}", paired.pairs, paired.p);
}

Said code_said(const Evidence& evidence, const Rules& rules) {
  const Paired& paired = *evidence.paired;
  const bool twice = evidence.watched;
  // Of a case with two modes a middle of 2 % may be little more than chance: all of the interval has to be beyond it,
  // as in the judgement of run files that are already there.
  const bool fails = twice || (paired.interval && paired.interval->low >= rules.regression_percent);
  std::string sentence = of_code(paired);
  if (twice) sentence += "; an earlier build was found slower, too";
  return {fails ? Verdict::regression : Verdict::watch, paired.percent, sentence};
}

/// What is said of the node, and whether the night has to be looked at again tomorrow.
struct NodeSaid {
  Said said{};
  bool pending = false;
};

std::string how_long(const Evidence& evidence, const Rules& rules) {
  const int nights = evidence.environment_nights + 1;
  if (nights < rules.rebase_after) return {};
  return fmt::format("; {} nights in a row: accept it as the new level, or find its cause", nights);
}

NodeSaid node_said(const Evidence& evidence, const Rules& rules) {
  const bool slower = evidence.own.slower && (!evidence.has_pinned || evidence.pinned.slower || !evidence.pinned.known);
  const double percent = evidence.has_pinned && evidence.pinned.known ? evidence.pinned.percent : evidence.own.percent;
  const auto environment = [&](const std::string& sentence, bool pending = false) {
    return NodeSaid{{Verdict::environment, percent, sentence}, pending};
  };
  const std::string size = fmt::format(
      "the node is slower by {:.2f} % with {}", percent, evidence.has_pinned ? "both builds" : "this build");
  const std::string change = evidence.changed.empty() ? "" : fmt::format("; changed since: {}", evidence.changed);
  if (!slower)
    return environment(fmt::format("{:+.2f} % in the night's launches, {:+.2f} % when measured again{}{}",
                                   evidence.screened.percent,
                                   evidence.own.percent,
                                   change,
                                   how_long(evidence, rules)));
  if (evidence.has_pinned && !evidence.changed.empty()) return environment(size + change + how_long(evidence, rules));
  if (evidence.fast_again > 0)
    return environment(fmt::format("{}, but {} of {} launches were as fast as before: a mode, no fault of the node{}{}",
                                   size,
                                   evidence.fast_again,
                                   evidence.launches,
                                   change,
                                   how_long(evidence, rules)));
  if (evidence.as_slow_before >= rules.seen_before)
    return environment(fmt::format("{}; {} earlier launches were as slow: a state that this node has{}{}",
                                   size,
                                   evidence.as_slow_before,
                                   change,
                                   how_long(evidence, rules)));
  if (evidence.peers.measured >= rules.least_peers && 2 * evidence.peers.showing > evidence.peers.measured)
    return environment(fmt::format("{}; {} of {} peers show it, too{}{}",
                                   size,
                                   evidence.peers.showing,
                                   evidence.peers.measured,
                                   change,
                                   how_long(evidence, rules)));
  const bool before = evidence.pending || evidence.last_night == Verdict::degraded;
  const bool alone = rules.peers_alone && evidence.peers.measured >= rules.least_peers && evidence.peers.showing == 0;
  if (!before && !alone) return environment(size + ": degraded if it is so on the next night" + change, true);
  const std::string since =
      before ? ", as on the night before" : fmt::format(", {} peers are not", evidence.peers.measured);
  return {{Verdict::degraded, percent, size + since + change}, false};
}

Decision one(Verdict verdict, double percent, std::string sentence, Standing standing) {
  return {verdict, {{verdict, percent, std::move(sentence)}}, standing};
}

std::string why_suspect(const Screened& screened) {
  switch (screened.why) {
    case Screened::Why::step: return fmt::format("{:+.2f} %, z {:.1f}", screened.percent, screened.z);
    case Screened::Why::ramp: return fmt::format("rising for some nights (CUSUM {:.1f})", screened.cusum);
    case Screened::Why::drift: return fmt::format("{:+.2f} % within four weeks", screened.drift);
    case Screened::Why::none: break;
  }
  return "open since an earlier night";
}

Decision not_suspected(const Evidence& evidence, const Rules& rules) {
  const Screened& screened = evidence.screened;
  if (screened.answer == Screened::Answer::no_history)
    return one(Verdict::no_history, 0, screened.why_not, Standing::accepted);
  if (screened.answer == Screened::Answer::faster)
    return one(
        Verdict::ok, screened.percent, fmt::format("{:+.2f} %, not confirmed", screened.percent), Standing::faster);
  const std::string seen = fmt::format("a change of {:.1f} % would be seen", screened.detectable);
  const bool blind = screened.detectable > rules.insensitive_percent;
  return one(blind ? Verdict::insensitive : Verdict::ok, screened.percent, seen, Standing::accepted);
}

/// Suspected and not measured again tonight, or not often enough.
Decision unconfirmed(const Evidence& evidence, const Rules& rules) {
  const bool open = evidence.last_night == Verdict::regression || evidence.last_night == Verdict::watch ||
                    evidence.last_night == Verdict::degraded;
  if (open && evidence.screened.answer == Screened::Answer::suspect)
    return one(evidence.last_night,
               evidence.screened.percent,
               fmt::format("open, still {:+.2f} %", evidence.screened.percent),
               Standing::suspect);
  if (evidence.last_night == Verdict::environment && !evidence.pending && !evidence.slower_since)
    return one(Verdict::environment,
               evidence.screened.percent,
               fmt::format("open, still {:+.2f} %; found with both builds on an earlier night{}",
                           evidence.screened.percent,
                           how_long(evidence, rules)),
               Standing::environment);
  const std::string why = evidence.why_unpaired.empty() ? "not confirmed yet" : evidence.why_unpaired;
  return one(Verdict::undecided,
             evidence.screened.percent,
             fmt::format("{}; {}: carried to the next night", why_suspect(evidence.screened), why),
             Standing::suspect);
}

Decision by_node_alone(const Evidence& evidence, const Rules& rules) {
  const NodeSaid node = node_said(evidence, rules);
  const bool keeps = node.pending || node.said.verdict == Verdict::degraded;
  return {node.said.verdict, {node.said}, keeps ? Standing::suspect : Standing::environment};
}

}  // namespace

Decision decide(const Evidence& evidence, const Rules& rules) {
  using enum Paired::Answer;
  if (!evidence.has_pinned && evidence.own.known) return by_node_alone(evidence, rules);
  if (!evidence.paired) {
    const bool suspected = evidence.screened.answer == Screened::Answer::suspect || !evidence.why_unpaired.empty();
    return suspected ? unconfirmed(evidence, rules) : not_suspected(evidence, rules);
  }
  const Paired& paired = *evidence.paired;
  if (evidence.screened.answer == Screened::Answer::faster && paired.answer != faster)
    return one(paired.answer == same ? Verdict::environment : Verdict::ok,
               paired.percent,
               paired.answer == same ? "faster with both builds" : of_code(paired) + ", not confirmed",
               Standing::faster);
  if (paired.answer == undecided || paired.answer == more)
    return one(Verdict::undecided, paired.percent, of_code(paired) + ": carried to the next night", Standing::suspect);
  if (paired.answer == faster) return one(Verdict::improvement, paired.percent, of_code(paired), Standing::faster);
  if (paired.answer == same) {
    if (evidence.screened.answer == Screened::Answer::quiet)  // carried over, and gone
      return one(Verdict::ok, paired.percent, of_code(paired), Standing::accepted);
    return by_node_alone(evidence, rules);
  }
  Decision decision{.said = {code_said(evidence, rules)}, .standing = Standing::suspect};
  if (evidence.pinned.slower) {
    const NodeSaid node = node_said(evidence, rules);
    decision.said.push_back(node.said);
    std::ranges::stable_sort(decision.said, {}, &Said::verdict);
  }
  decision.verdict = decision.said.front().verdict;
  return decision;
}

}  // namespace gpubench
