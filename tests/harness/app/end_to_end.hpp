#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

#include <gtest/gtest.h>

#include "harness/run.hpp"

namespace gpubench {

/// How a run of the fake program ended.
struct Ended {
  int status = -1;  ///< exit status; minus the signal that killed it
  std::string out{}, err{};
};

using Environment = std::map<std::string, std::string>;

/// The fake program, running.
class Running {
 public:
  Running(const std::filesystem::path& folder, std::vector<std::string> words, const Environment& environment);
  Running(const Running&) = delete;
  Running(Running&&) = delete;
  Running& operator=(const Running&) = delete;
  Running& operator=(Running&&) = delete;
  ~Running();

  pid_t id() const { return id_; }
  Ended end();  ///< waits for it

 private:
  std::filesystem::path out_, err_;
  pid_t id_ = -1;
};

/// Runs the fake program in a folder of its own.
class EndToEnd : public ::testing::Test {
 public:
  EndToEnd(const EndToEnd&) = delete;
  EndToEnd(EndToEnd&&) = delete;
  EndToEnd& operator=(const EndToEnd&) = delete;
  EndToEnd& operator=(EndToEnd&&) = delete;

 protected:
  EndToEnd();
  ~EndToEnd() override;

  Ended run(const std::vector<std::string>& words, const Environment& environment = {}) const;
  /// run() with `--out run.json`, and what that file then holds.
  gpubench::Run measured(std::vector<std::string> words, int expected_status, const Environment& environment = {});

  std::filesystem::path folder_;
  Ended ended_{};  ///< of the last measured()
};

std::string text_of_file(const std::filesystem::path& path);
/// The row of the case whose name has `part` in it; a failure and an empty row when there is not exactly one.
CaseResult row_of(const Run& run, const std::string& part);

/// The children of a process that live.
std::vector<pid_t> children_of(pid_t parent);
bool is_alive(pid_t id);
void pause_briefly();

/// Waits, ten seconds where nothing else is said, for it to come true.
template <class Condition>
bool comes_true(Condition condition, int pauses = 500) {
  for (int i = 0; i < pauses; ++i, pause_briefly())
    if (condition()) return true;
  return false;
}

}  // namespace gpubench
