#include "tests/reports/verdict/simulation/report.hpp"

#include <atomic>
#include <cstdio>
#include <thread>

#include <fmt/format.h>

namespace gpubench::simulation {

void Report::line(
    const std::string& what, double measured, const std::string& demand, bool pass, const std::string& basis) {
  fmt::print("{:<74} {:>8.3f}  {:<14} {:<6} {}\n",
             what,
             measured,
             demand,
             demand.empty() ? ""
             : pass         ? "pass"
                            : "MISSED",
             basis);
  std::fflush(stdout);
  if (!pass) ++missed_;
}

void Report::at_most(const std::string& what, double measured, double limit, const std::string& basis) {
  line(what, measured, fmt::format("<= {:g}", limit), measured <= limit, basis);
}

void Report::at_least(const std::string& what, double measured, double limit, const std::string& basis) {
  line(what, measured, fmt::format(">= {:g}", limit), measured >= limit, basis);
}

void Report::within(const std::string& what, double measured, double low, double high, const std::string& basis) {
  line(what, measured, fmt::format("{:g} ... {:g}", low, high), measured >= low && measured <= high, basis);
}

void Report::tell(const std::string& what, double measured, const std::string& basis) {
  line(what, measured, "", true, basis);
}

void on_two_threads(int count, const std::function<void(int)>& each) {
  std::atomic<int> next = 0;
  const auto work = [&] {
    for (int i = next++; i < count; i = next++) each(i);
  };
  std::thread other(work);
  work();
  other.join();
}

}  // namespace gpubench::simulation
