#pragma once

namespace gpubench {

/// Every constant of a verdict. Percent are log-percent, 100 ln(time). They were fitted on simulated nights
/// (reports/verdict/README.md says which, and what the figures are); a week of a machine's own nights is to fit them
/// again.
struct Rules {
  // The window: which nights tonight is judged against.
  int window_nights = 28;      ///< four weeks, so that each weekday counts the same
  int least_nights = 8;        ///< with fewer the spread is a guess
  int least_level_nights = 3;  ///< of a level just accepted, where older levels tell the spread
  double least_spread = 0.10;  ///< percent: below it lies what a window of quiet nights did not show
  double spread_bias = 1.03;   ///< of a root mean square clipped at `clip_deviations`, for normal values
  double clip_deviations = 3;  ///< clipping is at so many deviations from the median absolute one
  double prior_nights = 10;    ///< what the spread of similar cases weighs, in nights
  int least_for_prior = 8;     ///< series; with fewer there is no similar case
  double screen_z = 2.5, screen_percent = 0.4;
  /// The printed change is suspected on the first night 9 times of 10 or more. Of a spread that is known 1.645 would be
  /// 19 of 20; one from four weeks with three or four boots in them may be less than the truth.
  double detectable_power = 2.0;
  double insensitive_percent = 2;  ///< a case whose detectable change is larger is not passed in silence

  // What moves all cases of a node alike: clocks, ambient temperature.
  int least_sentinels = 6;
  double common_shrinkage = 0.3;  ///< of the slope, as a share of the common mode's own sum of squares
  double common_most_slope = 1.6;
  double common_clip_deviations = 4;
  double suite_z = 3.5, suite_percent = 0.5;
  int most_sentinels = 8;  ///< that a shift of the whole suite is confirmed on

  // Ramps: too slow for one night to show them.
  double cusum_slack = 0.75, cusum_limit = 6, cusum_freeze = 3, cusum_clip = 4;
  int drift_recent = 7, drift_old = 14, drift_apart = 28;
  double drift_percent = 1, drift_deviations = 4;

  // The confirmation: pairs of launches, A B B A.
  int first_pairs = 6, all_pairs = 12, carried_pairs = 16;
  double futile_p = 0.25, futile_percent = 0.1;
  double slower_p = 0.003, undecided_p = 0.05;
  double watch_percent = 0.3, regression_percent = 0.75;

  // The node: the same code against its own past.
  double node_z = 2.5, node_percent = 0.75;
  double fast_share = 0.25;  ///< a launch that kept to this share of the change is as fast as before: a mode, no fault
  int launches_alone = 12;   ///< of tonight's build, where there is no pinned one
  int seen_before = 3;   ///< launches of the past that were as slow: then it is a state that this node has, no fault
  int seen_nights = 84;  ///< how far back that is looked for
  /// Three or more quiet peers make `degraded` of the first night. A neighbour on the node that stays for the
  /// confirmation does so, too: some of a thousand node-nights. So it is asked for, and the night before decides
  /// otherwise.
  bool peers_alone = false;
  int least_peers = 3;
  // A fleet: a node against its peers.
  int fleet_nights = 14;
  double fleet_z = 5, fleet_percent = 0.75, fleet_least_spread = 0.12;
  double retest_share = 0.6;  ///< of these limits, when it is measured again
  double slow_percent = 3, slow_any_percent = 5, slow_deviations = 4, slow_least_deviation = 0.4;
  int rebase_after = 7;  ///< nights of `environment` in a row, after which a new level is proposed
};

inline constexpr Rules default_rules{};

}  // namespace gpubench
