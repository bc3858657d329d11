#include "harness/app/probe.hpp"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/app/conversation.hpp"
#include "harness/core/error.hpp"

namespace gpubench {

Probed probe(const Program& program,
             const std::vector<std::string>& suites,
             const std::string& device,
             const SuiteOptions& options,
             const Interrupt& interrupt,
             bool under_load) {
  Probed probed;
  std::string refusal;
  const Listener listener{.on_event =
                              [&](const Event& event) {
                                if (const auto* hello = std::get_if<Hello>(&event)) probed.hello = *hello;
                                if (const auto* one = std::get_if<Candidate>(&event)) probed.cases.push_back(*one);
                                if (const auto* refused = std::get_if<Refused>(&event)) refusal = refused->why;
                              },
                          .on_output = [](std::string_view text) { fmt::print(stderr, "{}", text); }};
  const Order order{
      .task = Order::Task::probe, .under_load = under_load, .device = device, .suites = suites, .options = options};
  const Ending ending = converse(order, program.silence_seconds, interrupt, listener);
  if (ending.how == Ending::How::interrupted) throw Interrupted(ending.sentence + " before anything was measured");
  if (ending.how != Ending::How::finished)
    throw UsageError(fmt::format("the worker that looked for devices ended: {}", ending.sentence));
  if (!refusal.empty()) throw UsageError(refusal);
  return probed;
}

std::vector<std::string> known_suites(const Program& program, const std::vector<std::string>& asked) {
  std::vector<std::string> part;
  for (const Suite& suite : program.suites)
    if (suite.lines) part.emplace_back(suite.name);
  for (const std::string& name : asked) {
    if (std::ranges::find(part, name) != part.end()) continue;
    const bool later = std::ranges::find(program.suites, name, &Suite::name) != program.suites.end();
    throw UsageError(fmt::format(
        "{}; there are: {}",
        later ? fmt::format("suite {} is not part of this version", name) : fmt::format("unknown suite {}", name),
        fmt::join(part, ", ")));
  }
  return asked.empty() ? part : asked;
}

}  // namespace gpubench
