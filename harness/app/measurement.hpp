#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/app/conversation.hpp"
#include "harness/app/plan.hpp"
#include "harness/app/progress_line.hpp"

namespace gpubench {

/// Carries out a plan: starts the workers, and makes one row of every planned case whatever becomes of them.
class Measurement {
 public:
  /// @param options of the suites, as when the plan was made. @param keep gets each row as soon as it is there
  Measurement(const Plan& plan,
              const SuiteOptions& options,
              double silence_seconds,
              const Interrupt& interrupt,
              std::function<void(const CaseResult&)> keep);

  void run();

 private:
  using Cases = std::vector<Candidate>;
  struct Said {
    std::string current{};  ///< the case that has begun and not ended
    std::string refusal{};
    std::string lost_device{};
    bool finished_any = false;
    std::vector<DeviceInfo> devices{};
  };

  void run_worker(Cases cases, int launch);
  Order order_of(const Cases& cases, int launch) const;
  void hear(const Event& event, Cases& cases, Said& said);
  void settle(const Ending& ending, const Said& said, Cases& cases, int launch);
  void settle_finished(const Said& said, Cases& cases, int launch);
  void settle_death(const Ending& ending, const Said& said, Cases& cases, int launch);
  /// Ends those of `cases` that `which` holds for.
  void end_without_result(Cases& cases,
                          int launch,
                          Status status,
                          const std::string& reason,
                          const std::function<bool(const CaseResult&)>& which);

  const Plan& plan_;
  const SuiteOptions& options_;
  double silence_seconds_;
  const Interrupt& interrupt_;
  std::function<void(const CaseResult&)> keep_;
  ProgressLine progress_;
  std::map<std::string, int> losses_{};  ///< of each device
};

}  // namespace gpubench
