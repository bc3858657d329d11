#include "harness/app/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

using Clock = std::chrono::steady_clock;

/// A descriptor that is closed once.
class File {
 public:
  File() = default;
  explicit File(int file) : file_(file) {}
  File(const File&) = delete;
  File(File&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  File& operator=(const File&) = delete;
  File& operator=(File&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~File() { close(); }
  void close() {
    if (file_ >= 0) ::close(std::exchange(file_, -1));
  }
  int get() const { return file_; }
  bool is_open() const { return file_ >= 0; }

 private:
  int file_ = -1;
};

struct Pipe {
  File read{}, write{};
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
  // Above the descriptors that the child's standard ones are moved to.
  Pipe pipe{File(fcntl(ends[0], F_DUPFD_CLOEXEC, 16)), File(fcntl(ends[1], F_DUPFD_CLOEXEC, 16))};
  ::close(ends[0]);
  ::close(ends[1]);
  return pipe;
}

class Child {
 public:
  Child(const std::vector<std::string>& words,
        const std::string& input,
        const std::function<void(std::string_view)>& say)
      : input_(input), pass_on_(say) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));  // execv's own type
    pointers.push_back(nullptr);
    Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
    const pid_t parent = getpid();
    std::fflush(nullptr);
    id_ = fork();
    if (id_ < 0) throw Error(fmt::format("cannot start a process: {}", std::strerror(errno)));
    if (id_ == 0) become(pointers.data(), in.read.get(), out.write.get(), err.write.get(), parent);
    setpgid(id_, id_);  // here too: whichever of the two comes first
    in_ = std::move(in.write);
    out_ = std::move(out.read);
    err_ = std::move(err.read);
    for (const File* file : {&in_, &out_, &err_}) fcntl(file->get(), F_SETFL, O_NONBLOCK);
    if (input_.empty()) in_.close();
  }
  Child(const Child&) = delete;
  Child(Child&&) = delete;
  Child& operator=(const Child&) = delete;
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (id_ > 0) (void)wait();
  }

  ChildEnd run(Clock::time_point deadline) {
    while ((out_.is_open() || err_.is_open()) && Clock::now() < deadline && !has_left_pipes_behind())
      poll_once(deadline);
    // It may have closed its output and go on.
    while (!has_exited() && Clock::now() < deadline) poll(nullptr, 0, 5);
    end_.timed_out = !has_exited();
    return wait();
  }

 private:
  /// Between fork and exec: only what is allowed after a fork.
  [[noreturn]] static void become(char** words, int in, int out, int err, pid_t parent) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    std::signal(SIGPIPE, SIG_DFL);  // ours ignores it, and what is ignored stays so
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(words[0], words);
    _exit(127);
  }

  void poll_once(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    std::array<pollfd, 3> files{{{in_.get(), POLLOUT, 0}, {out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}}};
    poll(files.data(), files.size(), static_cast<int>(std::clamp<long>(left, 0, 200)));
    if (files[0].revents) write_some();
    if (files[1].revents) read_some(out_, [this](std::string_view text) { end_.out += text; });
    if (files[2].revents) read_some(err_, [this](std::string_view text) { hear(text); });
  }

  /// A child that reads nothing of it is none of our business: its answer tells.
  void write_some() {
    const ssize_t wrote = write(in_.get(), input_.data() + written_, input_.size() - written_);
    if (wrote < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (wrote > 0) written_ += static_cast<std::size_t>(wrote);
    if (wrote <= 0 || written_ == input_.size()) in_.close();
  }

  template <class Take>
  static void read_some(File& file, const Take& take) {
    std::array<char, 65536> buffer{};
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got > 0) take(std::string_view(buffer.data(), static_cast<std::size_t>(got)));
    if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) file.close();
  }

  void hear(std::string_view text) {
    pass_on_(text);
    words_ += text;
    if (constexpr std::size_t enough = 4096; words_.size() > enough) words_.erase(0, words_.size() - enough);
  }

  bool has_exited() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(id_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == id_;
  }

  /// Something that it started holds its pipes open after its death: what it wrote itself has been read by then.
  bool has_left_pipes_behind() {
    if (!has_exited()) return false;
    const auto now = Clock::now();
    if (!exited_) exited_ = now;
    return now - *exited_ > std::chrono::seconds(1);
  }

  ChildEnd wait() {
    const pid_t id = std::exchange(id_, -1);
    ::kill(-id, SIGKILL);  // what it started and left behind; itself, when it takes too long
    if (end_.timed_out) ::kill(id, SIGKILL);
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) {
      end_.status = WEXITSTATUS(status);
      end_.how = fmt::format("exited with status {}", end_.status);
    } else {
      const char* name = sigabbrev_np(WTERMSIG(status));
      end_.how = fmt::format("killed by signal {} (SIG{})", WTERMSIG(status), name ? name : "?");
    }
    words_.erase(words_.find_last_not_of("\n\r ") + 1);
    const std::size_t before = words_.rfind('\n');
    end_.last_words = words_.substr(before == std::string::npos ? 0 : before + 1).substr(0, 300);
    return end_;
  }

  const std::string& input_;
  const std::function<void(std::string_view)>& pass_on_;
  pid_t id_ = -1;
  File in_{}, out_{}, err_{};
  std::size_t written_ = 0;
  std::string words_{};  ///< the end of its standard error
  std::optional<Clock::time_point> exited_{};
  ChildEnd end_{};
};

}  // namespace

ChildEnd run_child(const std::vector<std::string>& words,
                   const std::string& input,
                   Clock::time_point deadline,
                   const std::function<void(std::string_view)>& pass_on) {
  std::signal(SIGPIPE, SIG_IGN);  // a child that does not read is its own affair
  return Child(words, input, pass_on).run(deadline);
}

}  // namespace gpubench
