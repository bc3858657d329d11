#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/device.hpp"
#include "harness/result.hpp"

namespace gpubench {

/// A plain value that names itself and knows its cost. It includes no vendor header.
///   name()      `gemm/bf16/m4096n4096k4096/nt/hot`: the case name without the implementation
///   precision() precision or mode, as in the name
///   work()      of one run
///   describe()  completes a row: before the run its figure id, group and method, after it the figures from
///   median_seconds
template <class P>
concept Problem = std::copyable<P> && requires(const P& p, CaseResult& result) {
  { p.name() } -> std::convertible_to<std::string>;
  { p.precision() } -> std::convertible_to<std::string>;
  { p.work() } -> std::same_as<Work>;
  { p.describe(result) } -> std::same_as<void>;
};

/// One problem on one device by one implementation: what a worker runs.
struct Case {
  CaseResult row{};              ///< identity filled in, nothing measured
  bool own_worker = false;       ///< peak memory must be its own, or it may poison the process
  std::int64_t runs_wanted = 0;  ///< measure exactly so many runs (a full epoch); 0: as many as are enough
  double most_seconds = 0;       ///< no more measuring time than this, whatever the budget leaves; 0: no such limit
  Device* device = nullptr;      ///< not owned
  std::function<std::optional<std::string>()> why_not{};
  std::function<std::unique_ptr<Kernel>()> make{};
  std::function<void(CaseResult&)> describe{};
};

/// A line of a suite: any problem, and how it wants to be run. Turns into one case for each implementation a device
/// offers.
class Line {
 public:
  struct Wishes {
    bool own_worker = false;
    std::int64_t runs_wanted = 0;
    double most_seconds = 0;
  };

  // Not by a default argument, and not for a Line itself: clang would need the class before it is complete.
  template <class P>
  requires(!std::same_as<P, Line> && Problem<P>) Line(P problem)
      : Line(std::move(problem), Wishes{}) {}  // NOLINT: a suite is a braced list of problems

  template <class P>
  requires(!std::same_as<P, Line> && Problem<P>) Line(P problem, Wishes wishes)
      : cases_on_([problem = std::move(problem), wishes](Device& device) {
          std::vector<Case> cases;
          for (const std::string& implementation : device.catalog().implementations<P>())
            cases.push_back(make_case(problem, wishes, device, implementation));
          return cases;
        }) {}

  std::vector<Case> cases_on(Device& device) const { return cases_on_(device); }

 private:
  template <Problem P>
  static Case make_case(const P& problem, const Wishes& wishes, Device& device, const std::string& implementation) {
    const auto& offer = device.catalog().offer<P>(implementation);
    Case made{.own_worker = wishes.own_worker,
              .runs_wanted = wishes.runs_wanted,
              .most_seconds = wishes.most_seconds,
              .device = &device};
    made.row.run_name = made.row.name = problem.name() + "/" + implementation;
    made.row.device = device.info().id;
    made.row.precision = problem.precision();
    made.row.implementation = implementation;
    made.row.work = problem.work();
    problem.describe(made.row);
    made.why_not = [&offer, problem] { return offer.why_not ? offer.why_not(problem) : std::nullopt; };
    made.make = [&offer, problem] { return offer.make(problem); };
    made.describe = [problem](CaseResult& row) { problem.describe(row); };
    return made;
  }

  std::function<std::vector<Case>(Device&)> cases_on_;
};

using Lines = std::vector<Line>;

}  // namespace gpubench
