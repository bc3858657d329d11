#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace gpubench {

/// One line on standard error that says what goes on and how long it may still take; written only where that is a
/// terminal, and out of the way of everything else that is written there.
class ProgressLine {
 public:
  /// @param cases in all; each may measure for `case_seconds`
  ProgressLine(int cases, double case_seconds);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine(ProgressLine&&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ProgressLine& operator=(ProgressLine&&) = delete;
  ~ProgressLine() { clear(); }

  void begin(const std::string& name);
  void doing(const std::string& what);
  void finished();
  void pass_on(std::string_view text);  ///< writes it to standard error above the line

 private:
  void show();
  void clear() noexcept;
  double seconds_left() const;

  bool terminal_;
  bool shown_ = false;
  int cases_, finished_ = 0;
  double case_seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::string name_{}, doing_{};
};

}  // namespace gpubench
