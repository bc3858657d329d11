#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "reports/history/checked.hpp"
#include "tests/reports/history/example_nights.hpp"

namespace gpubench {

/// Nights to judge against, and one that is judged.
class Check : public ::testing::Test {
 protected:
  void past(int nights, int launches = 2) {
    for (int day = 0; day < nights; ++day) add(known_, example::night_run(day, 1, launches), "past.json");
  }
  CheckedNode judged(const gpubench::Run& run) {
    checked_ = check({run});
    return checked_.nodes.empty() ? CheckedNode{} : checked_.nodes.front();
  }
  Checked check(const std::vector<gpubench::Run>& runs) const {
    Archive all = known_;
    std::vector<std::string> identities;
    for (const gpubench::Run& run : runs) {
      add(all, run, "tonight.json");
      identities.push_back(identity_of(run.context));
    }
    return check_nights(all, identities);
  }

  Archive known_{};
  Checked checked_{};
};

inline const CheckedCase& case_of(const CheckedNode& node,
                                  const std::string& part,
                                  const std::string& device = "GPU-h0") {
  static const CheckedCase none;
  const auto found = std::ranges::find_if(node.cases, [&](const CheckedCase& one) {
    return one.key.case_name.find(part) != std::string::npos && one.key.device == device;
  });
  EXPECT_NE(found, node.cases.end()) << part;
  return found == node.cases.end() ? none : *found;
}

/// A case of that name that is no longer in the run.
inline gpubench::Run without(gpubench::Run run, const std::string& part) {
  std::erase_if(run.results, [&](const CaseResult& row) { return row.name.find(part) != std::string::npos; });
  return run;
}

}  // namespace gpubench
