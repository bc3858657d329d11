#include "harness/app/progress_line.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace gpubench {
namespace {

std::size_t columns() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

/// An estimate has no digits to spare.
std::string roughly(double seconds) {
  const double minutes = seconds / 60;
  return minutes < 2 ? fmt::format("{:.0f} s", std::ceil(seconds)) : fmt::format("{:.0f} min", minutes);
}

}  // namespace

ProgressLine::ProgressLine(int cases, double case_seconds)
    : terminal_(isatty(STDERR_FILENO) == 1), cases_(cases), case_seconds_(case_seconds) {}

void ProgressLine::begin(const std::string& name) {
  name_ = name;
  doing("starting");
}

void ProgressLine::doing(const std::string& what) {
  doing_ = what;
  show();
}

void ProgressLine::finished() {
  ++finished_;
  name_.clear();
  clear();
}

void ProgressLine::pass_on(std::string_view text) {
  clear();
  fmt::print(stderr, "{}", text);
  if (text.ends_with('\n')) show();
}

/// From what the finished cases took; before the first one only the budget is known.
double ProgressLine::seconds_left() const {
  const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double each = finished_ > 0 ? spent / finished_ : case_seconds_;
  return std::max(0.0, each * cases_ - spent);
}

void ProgressLine::show() {
  if (!terminal_ || name_.empty()) return;
  const int current = std::min(finished_ + 1, cases_);
  const std::string text =
      fmt::format("[{}/{}] about {} left: {}, {}", current, cases_, roughly(seconds_left()), name_, doing_);
  fmt::print(stderr, "\r\033[K{}", text.substr(0, columns() - 1));
  std::fflush(stderr);
  shown_ = true;
}

void ProgressLine::clear() noexcept {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

}  // namespace gpubench
