#include "harness/app/process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/app/worker.hpp"
#include "harness/core/error.hpp"

namespace gpubench {
namespace {

struct Pipe {
  int read = -1, write = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  // Above the descriptors that the child's standard ones are moved to.
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  for (int& end : ends) {
    const int high = fcntl(end, F_DUPFD_CLOEXEC, 16);
    close(end);
    end = high;
  }
  return {ends[0], ends[1]};
}

/// Between fork and exec: only what is allowed after a fork.
[[noreturn]] void become_worker(
    const char* argument, const Pipe& order, const Pipe& events, const Pipe& output, pid_t conductor) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != conductor) _exit(127);  // it died before the line above
  dup2(order.read, STDIN_FILENO);
  dup2(output.write, STDOUT_FILENO);
  dup2(output.write, STDERR_FILENO);
  dup2(events.write, events_fd);
  // Not the path: the file may have been replaced since, and a worker must be the same program.
  execl("/proc/self/exe", "gpubench", argument, nullptr);
  _exit(127);
}

void write_all(int file, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t wrote = write(file, text.data() + at, text.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;  // it died early; listen() will find out
    at += static_cast<std::size_t>(wrote);
  }
}

/// Appends what can be read now. @returns false at the end of the pipe.
bool read_into(int file, std::string& text) {
  std::array<char, 16384> buffer{};
  const ssize_t got = read(file, buffer.data(), buffer.size());
  if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

std::string text_of_status(int status) {
  if (WIFEXITED(status)) return fmt::format("exited with status {}", WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* name = sigabbrev_np(signal);
  return fmt::format("killed by signal {} (SIG{})", signal, name ? name : "?");
}

}  // namespace

Process::Process(std::string_view argument, const std::string& order, std::function<void(std::string_view)> pass_on)
    : pass_on_(std::move(pass_on)) {
  const std::string word(argument);
  const Pipe orders = make_pipe(), events = make_pipe(), output = make_pipe();
  const pid_t conductor = getpid();
  std::fflush(nullptr);
  id_ = fork();
  if (id_ == 0) become_worker(word.c_str(), orders, events, output, conductor);
  if (id_ > 0) setpgid(id_, id_);  // here too: whichever of the two comes first
  close(orders.read);
  close(events.write);
  close(output.write);
  events_ = events.read;
  output_ = output.read;
  fcntl(events_, F_SETFL, O_NONBLOCK);
  fcntl(output_, F_SETFL, O_NONBLOCK);
  if (id_ > 0) write_all(orders.write, order);
  close(orders.write);
  if (id_ < 0) throw Error(fmt::format("cannot start a worker: {}", std::strerror(errno)));
}

Process::~Process() {
  if (!end_) {
    kill();
    wait();
  }
  if (events_ >= 0) close(events_);
  if (output_ >= 0) close(output_);
}

bool Process::take_line(std::string& line) {
  const std::size_t end = heard_.find('\n');
  if (end == std::string::npos) return false;
  line = heard_.substr(0, end);
  heard_.erase(0, end + 1);
  return true;
}

void Process::read_events() {
  if (events_ < 0 || read_into(events_, heard_)) return;
  close(events_);
  events_ = -1;
}

void Process::read_output() {
  std::string text;
  if (output_ < 0) return;
  if (!read_into(output_, text)) {
    close(output_);
    output_ = -1;
  }
  if (text.empty()) return;
  pass_on_(text);
  words_ += text;
  if (constexpr std::size_t enough = 4096; words_.size() > enough) words_.erase(0, words_.size() - enough);
}

std::string Process::last_words() const {
  const std::size_t end = words_.find_last_not_of("\n\r ");
  if (end == std::string::npos) return {};
  const std::size_t before = words_.rfind('\n', end);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  return words_.substr(start, std::min<std::size_t>(end + 1 - start, 300));
}

/// Waits until something can be read, a second at most: something that the worker started may hold its pipes open after
/// its death.
void Process::poll_once(Clock::time_point deadline, int wake) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  std::array<pollfd, 3> files{{{events_, POLLIN, 0}, {output_, POLLIN, 0}, {wake, POLLIN, 0}}};
  poll(files.data(), files.size(), static_cast<int>(std::clamp<long>(left, 0, events_ < 0 ? 10 : 1000)));
  if (files[0].revents) read_events();
  if (files[1].revents) read_output();
}

bool Process::has_exited() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == id_;
}

Process::Heard Process::listen(std::string& line, Clock::time_point deadline, int wake) {
  while (true) {
    if (take_line(line)) return Heard::line;
    pollfd woken{wake, POLLIN, 0};
    if (poll(&woken, 1, 0) > 0) return Heard::woken;
    if (has_exited()) {
      for (std::size_t before = heard_.size() + 1; events_ >= 0 && heard_.size() != before;) {
        before = heard_.size();
        read_events();
      }
      read_output();
      return take_line(line) ? Heard::line : Heard::ended;
    }
    if (Clock::now() >= deadline) return Heard::nothing;
    poll_once(deadline, wake);
  }
}

void Process::kill() {
  killed_by_us_ = true;
  ::kill(-id_, SIGKILL);
  ::kill(id_, SIGKILL);  // it may not have reached its own group yet
}

Process::End Process::wait() {
  if (end_) return *end_;
  int status = 0;
  while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  ::kill(-id_, SIGKILL);  // what it started and left behind
  const bool sigkill = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  end_ = End{text_of_status(status), sigkill && !killed_by_us_};
  return *end_;
}

}  // namespace gpubench
