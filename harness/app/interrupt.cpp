#include "harness/app/interrupt.hpp"

#include <array>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace gpubench {
namespace {

// A signal handler can reach nothing else.
volatile std::sig_atomic_t first_signal = 0;
volatile std::sig_atomic_t wake = -1;
constexpr std::array signals{SIGINT, SIGTERM, SIGHUP};
constexpr int interrupted_status = 3;

long milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

void keep(int signal) {
  static volatile long first_at = 0;
  // timeout(1) signals its child and then the child's group: two at once are one wish.
  constexpr long same_wish = 200;
  if (first_signal != 0) {
    if (milliseconds() - first_at > same_wish) _exit(interrupted_status);
    return;
  }
  first_signal = signal;
  first_at = milliseconds();
  [[maybe_unused]] const ssize_t wrote = write(wake, "!", 1);
}

}  // namespace

Interrupt::Interrupt() {
  first_signal = 0;
  if (pipe2(pipe_, O_CLOEXEC | O_NONBLOCK) == 0) wake = pipe_[1];
  struct sigaction action {};
  action.sa_handler = keep;
  for (const int signal : signals) {
    struct sigaction before {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);  // nohup's wish counts
  }
}

Interrupt::~Interrupt() {
  for (const int signal : signals) {
    struct sigaction now {};
    sigaction(signal, nullptr, &now);
    if (now.sa_handler == keep) std::signal(signal, SIG_DFL);
  }
  for (const int end : pipe_) close(end);
}

bool Interrupt::wanted() const { return first_signal != 0; }

std::string Interrupt::sentence() const { return fmt::format("interrupted (SIG{})", sigabbrev_np(first_signal)); }

}  // namespace gpubench
