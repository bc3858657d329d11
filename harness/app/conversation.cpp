#include "harness/app/conversation.hpp"

#include <chrono>

#include <fmt/format.h>

#include "harness/app/oom_kills.hpp"
#include "harness/app/process.hpp"
#include "harness/app/worker.hpp"
#include "harness/core/error.hpp"

namespace gpubench {
namespace {

std::string sentence_of_death(Process& worker, std::optional<long> oom_kills_before) {
  const Process::End end = worker.wait();
  const std::optional<long> now = oom_kills();
  if (end.killed_by_others && now && oom_kills_before && *now > *oom_kills_before)
    return end.how + ": probably by the kernel, which had run out of memory";
  const std::string words = worker.last_words();
  return words.empty() ? end.how : fmt::format("{}; its last words: {}", end.how, words);
}

/// What the worker is busy with, as its own events tell.
void follow(const Event& event, std::string& doing, bool& finished) {
  if (const auto* said = std::get_if<Doing>(&event)) doing = said->what;
  if (std::get_if<Begin>(&event)) doing = "starting the case";
  finished = finished || std::get_if<End>(&event) || std::get_if<Refused>(&event);
}

}  // namespace

Ending converse(const Order& order, double silence_seconds, const Interrupt& interrupt, const Listener& listener) {
  const auto oom_kills_before = oom_kills();
  const auto silence =
      std::chrono::duration_cast<Process::Clock::duration>(std::chrono::duration<double>(silence_seconds));
  Process worker(worker_word, text_of(order), listener.on_output);
  std::string doing = "starting", line;
  bool finished = false;
  while (true) {
    switch (worker.listen(line, Process::Clock::now() + silence, interrupt.readable())) {
      case Process::Heard::line: {
        const Event event = event_from(line);
        follow(event, doing, finished);
        listener.on_event(event);
        break;
      }
      case Process::Heard::nothing:
        if (finished) return {};  // its work is done, only its end hangs
        return {Ending::How::silent, fmt::format("no sign of life for {:.3g} s while {}", silence_seconds, doing)};
      case Process::Heard::woken: return {Ending::How::interrupted, interrupt.sentence()};
      case Process::Heard::ended:
        if (finished) return {};
        return {Ending::How::died, sentence_of_death(worker, oom_kills_before)};
    }
  }
}

}  // namespace gpubench
