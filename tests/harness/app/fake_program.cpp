#include <cstdlib>
#include <sstream>

#include "harness/app/program.hpp"
#include "tests/harness/app/fake_problem.hpp"

// The program with suites of fakes: everything that can go wrong, on demand and without hardware.

namespace gpubench {
namespace {

Lines of(std::initializer_list<const char*> acts) {
  Lines lines;
  for (const char* act : acts) lines.emplace_back(FakeProblem{.act = act});
  return lines;
}

Lines good(const SuiteOptions& options) {
  Lines lines;
  for (int i = 0; i < (options.thorough ? 8 : 4); ++i) lines.emplace_back(FakeProblem{.act = "ok", .number = i});
  lines.emplace_back(FakeProblem{.act = "ok", .precision_name = "bf16", .number = 4});
  return lines;
}

Lines bad(const SuiteOptions&) {
  return of({"ok", "wrong", "throw", "memory", "greedy", "unsupported", "late-unsupported"});
}
Lines deadly(const SuiteOptions&) { return of({"ok", "kill", "abort", "chatter", "odd"}); }
Lines silent(const SuiteOptions&) { return of({"ok", "hang", "chatter"}); }
Lines lost(const SuiteOptions&) { return of({"lost", "ok", "chatter"}); }
Lines none(const SuiteOptions&) { return of({"unsupported"}); }

/// The one that sleeps comes last: it has a worker of its own.
Lines slow(const SuiteOptions&) {
  Lines lines = of({"ok", "unsupported"});
  lines.emplace_back(FakeProblem{.act = "sleep"}, Line::Wishes{.own_worker = true});
  return lines;
}

/// Likewise, but says nothing.
Lines stuck(const SuiteOptions&) {
  Lines lines = of({"ok"});
  lines.emplace_back(FakeProblem{.act = "hang"}, Line::Wishes{.own_worker = true});
  return lines;
}

Lines lost_thrice(const SuiteOptions&) {
  Lines lines;
  for (int i = 0; i < 3; ++i) lines.emplace_back(FakeProblem{.act = "lost", .number = i});
  return lines;
}

Lines alone(const SuiteOptions&) {
  Lines lines;
  for (const char* act : {"ok", "kill", "chatter"})
    lines.emplace_back(FakeProblem{.act = act}, Line::Wishes{.own_worker = true});
  return lines;
}

constexpr Suite suites[] = {{"good", "cases that run", good},
                            {"bad", "cases that do not", bad},
                            {"deadly", "cases that kill their worker", deadly},
                            {"silent", "a case that hangs", silent},
                            {"slow", "a case that takes for ever and says so", slow},
                            {"stuck", "a case that hangs in the end", stuck},
                            {"lost", "a case that loses the device", lost},
                            {"lost-thrice", "cases that lose the device", lost_thrice},
                            {"alone", "cases with a worker each", alone},
                            {"none", "nothing that runs", none},
                            {"later", "not there yet", nullptr}};

/// FAKE_BACKENDS=stale,fake
std::vector<std::string> backends() {
  const char* names = std::getenv("FAKE_BACKENDS");
  std::istringstream list(names ? names : "fake");
  std::vector<std::string> backends;
  for (std::string name; std::getline(list, name, ',');) backends.push_back(name);
  return backends;
}

}  // namespace
}  // namespace gpubench

int main(int argc, char** argv) {
  return gpubench::run_program(
      {.suites = gpubench::suites, .backends = gpubench::backends(), .silence_seconds = 1}, argc, argv);
}
