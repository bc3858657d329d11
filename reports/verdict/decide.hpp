#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/verdict/confirmation.hpp"
#include "reports/verdict/node_shift.hpp"
#include "reports/verdict/rules.hpp"
#include "reports/verdict/screen.hpp"
#include "reports/verdict/verdict.hpp"

namespace gpubench {

/// Other nodes of the same SKU that measured this case tonight.
struct Peers {
  int measured = 0;
  int showing = 0;  ///< of those, how many are as suspect of it
};

/// All that is known of a case when it is judged.
struct Evidence {
  Screened screened{};
  bool has_pinned = false;         ///< the confirmation had an arm A for it
  std::string why_unpaired{};      ///< there is a pinned build, and this case has no pairs: why
  std::optional<Paired> paired{};  ///< B against A; none: not confirmed
  NodeShift pinned{};              ///< A against its stored launches
  NodeShift own{};                 ///< B's launches of the confirmation against the window
  int as_slow_before = 0;          ///< launches_as_slow()
  int fast_again = 0;              ///< fast_launches() of both builds
  int launches = 0;                ///< that the confirmation had, of both builds
  std::string changed{};  ///< conditions: of A since it was pinned; without a pinned build of B since last night
  Verdict last_night = Verdict::ok;
  bool pending = false;        ///< last night the node was slower, with both builds
  bool watched = false;        ///< `watch` on an earlier night with another build
  int environment_nights = 0;  ///< in a row before tonight
  bool slower_since = false;   ///< than on the night before, by more than chance
  Peers peers{};
};

/// One thing that is said of a case, with its size.
struct Said {
  Verdict verdict = Verdict::ok;
  double percent = 0;
  std::string sentence{};
};

/// What is said of a case, most serious first, and how the night is to be stored.
struct Decision {
  Verdict verdict = Verdict::ok;  ///< said.front()'s
  std::vector<Said> said{};
  Standing standing = Standing::accepted;
};

/// The table of verdicts.
///
/// | B against A | A against its stored launches | verdict                                                          |
/// |-------------|-------------------------------|------------------------------------------------------------------|
/// | slower      | same                          | `regression` if the interval is beyond 0.75 %, else `watch`      |
/// | same        | slower                        | `degraded`; `environment` where conditions differ                |
/// | slower      | slower                        | both, each with its size                                         |
/// | same        | same                          | `environment`                                                    |
/// | undecided   |                               | `undecided`, carried to the next night with 16 pairs             |
/// | faster      |                               | `improvement`                                                    |
///
/// "Slower" of the node is more than a threshold: the confirmation's launches of B are out of the window, too; no state
/// that this node was in before explains it; and it was so on the night before (or peers measured tonight show it not:
/// Rules::peers_alone). On its first night it is `environment`, standing `suspect`.
Decision decide(const Evidence& evidence, const Rules& rules = default_rules);

/// Without a pinned build: the first line of whatever is told.
inline constexpr const char* no_pinned_build = "no pinned build: code regressions cannot be confirmed";

}  // namespace gpubench
