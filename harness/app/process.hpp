#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace gpubench {

/// A worker process: this program again, in a process group of its own so that ^C reaches the conductor only, and
/// killed by the kernel should the conductor die.
class Process {
 public:
  /// Starts it with `argument` and gives it `order` on its standard input. @param pass_on gets what it writes to its
  /// standard output and error. @throws Error
  Process(std::string_view argument, const std::string& order, std::function<void(std::string_view)> pass_on);
  Process(const Process&) = delete;
  Process(Process&&) = delete;
  Process& operator=(const Process&) = delete;
  Process& operator=(Process&&) = delete;
  ~Process();  ///< kills it, if it still lives, and what it started

  using Clock = std::chrono::steady_clock;
  enum class Heard { line, nothing, ended, woken };
  /// Waits for its next line of events; `ended` once it has exited and all its lines are read, `woken` when `wake` can
  /// be read, `nothing` at `deadline`.
  Heard listen(std::string& line, Clock::time_point deadline, int wake);

  struct End {
    std::string how{};              ///< `killed by signal 9 (SIGKILL)`, `exited with status 1`
    bool killed_by_others = false;  ///< SIGKILL that was not ours
  };
  End wait();
  /// The last line that it wrote to its standard output or error, often the reason of its death.
  std::string last_words() const;

 private:
  void kill();
  void poll_once(Clock::time_point deadline, int wake);
  bool take_line(std::string& line);
  void read_events();
  void read_output();
  bool has_exited() const;

  std::function<void(std::string_view)> pass_on_;
  pid_t id_ = -1;
  int events_ = -1, output_ = -1;
  std::string heard_{};  ///< events not yet taken
  std::string words_{};  ///< the end of its output
  std::optional<End> end_{};
  bool killed_by_us_ = false;
};

}  // namespace gpubench
