#include "harness/app/plan.hpp"

#include <algorithm>
#include <utility>

#include "harness/core/random.hpp"

namespace gpubench {
namespace {

/// Fisher and Yates: the same order everywhere, which std::shuffle does not promise.
void shuffle(std::vector<Candidate>& cases, const Random& random) {
  for (std::size_t left = cases.size(); left > 1; --left) {
    const auto drawn = static_cast<std::size_t>(random.uniform(left) * static_cast<double>(left));
    std::swap(cases[left - 1], cases[drawn]);
  }
}

Plan::Launch launch_of(const std::vector<Candidate>& cases) {
  std::vector<Candidate> shared;
  Plan::Launch launch;
  for (const Candidate& one : cases) {
    if (one.own_worker)
      launch.workers.push_back({one});
    else
      shared.push_back(one);
  }
  if (!shared.empty()) launch.workers.insert(launch.workers.begin(), std::move(shared));
  return launch;
}

}  // namespace

Plan make_plan(const std::vector<Candidate>& chosen, int launches, double budget_seconds, std::uint64_t seed) {
  Plan plan;
  std::vector<Candidate> runnable;
  for (const Candidate& one : chosen) {
    if (!one.why_not) {
      runnable.push_back(one);
      continue;
    }
    plan.unsupported.push_back(one.row);
    plan.unsupported.back().launches = launches;
    plan.unsupported.back().status = Status::unsupported;
    plan.unsupported.back().reason = *one.why_not;
  }
  if (runnable.empty()) return plan;
  plan.cases = static_cast<int>(runnable.size()) * launches;
  plan.case_seconds = budget_seconds / plan.cases;
  for (int launch = 0; launch < launches; ++launch) {
    std::vector<Candidate> order = runnable;
    shuffle(order, Random(seed, static_cast<std::uint64_t>(launch)));
    plan.launches.push_back(launch_of(order));
  }
  return plan;
}

}  // namespace gpubench
