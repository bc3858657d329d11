#include "harness/app/history_words.hpp"

#include <array>
#include <string_view>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/app/cli_words.hpp"
#include "harness/core/error.hpp"

namespace gpubench {
namespace {

struct HistoryWord {
  std::string_view word, what;
  void (*add)(CLI::App& app, Options& options);
  std::string_view example;
};

void add_file(CLI::App& app, Options& options) {
  app.add_option("DB", options.history.file, "the history, an SQLite file")->required();
}

void add_filter(CLI::App& app, Options& options) {
  app.add_option("--case", options.pattern, "only cases whose name has a match of this regular expression")
      ->type_name("REGEX");
  app.add_option("--node", options.history.node, "only this node");
}

void add_add(CLI::App& app, Options& options) {
  add_file(app, options);
  app.add_option("RUN", options.files, "run files, journals, and folders of them")->required();
}

void add_list(CLI::App& app, Options& options) {
  add_file(app, options);
  add_filter(app, options);
}

void add_accept(CLI::App& app, Options& options) {
  add_list(app, options);
  app.add_option("--reason", options.history.reason, "why it is right: a commit, a driver")->required();
  app.add_option("--night", options.history.night, "the first night of the new level: the last one of each node")
      ->type_name("NIGHT");
}

void add_pin(CLI::App& app, Options& options) {
  add_file(app, options);
  app.add_option("CMD", options.history.command, "what starts the build that is judged against")->required();
  app.add_option("--runs", options.files, "its own launches: run files and folders")->required()->type_name("RUN...");
}

void add_export(CLI::App& app, Options& options) {
  add_list(app, options);
  app.add_option("--out", options.history.out, "a folder: one run file for each that was added")->type_name("DIR");
  app.add_option("--jsonl", options.history.json_lines, "a line for each launch")->type_name("FILE|-");
  app.add_flag("--force", options.force, "replace files that exist");
}

void add_prune(CLI::App& app, Options& options) {
  add_file(app, options);
  app.add_option("--keep", options.history.keep_nights, "how many nights of each node stay")->type_name("NIGHTS");
  app.add_option("--older-than", options.history.older_than_days, "nights that began so long ago go")
      ->type_name("DAYS");
  app.add_flag("--dry-run", options.dry_run, "say what would go");
}

constexpr std::array history_words{
    HistoryWord{
        "add", "Adds run files. One that is there already adds nothing.", add_add, "add nights.db tonight.json"},
    HistoryWord{
        "list", "Shows the series: nights, level, last value, spread.", add_list, "list nights.db --node node7"},
    HistoryWord{"show",
                "Shows the nights of series, and what changed between them.",
                add_list,
                "show nights.db --case gemm/bf16"},
    HistoryWord{"accept",
                "Begins a new level: from that night on nights are judged against it, with the spread of those before.",
                add_accept,
                "accept nights.db --reason 'driver 580, measured twice' --node node7"},
    HistoryWord{"pin",
                "Keeps a build that can be run again, and its launches, to judge others against.",
                add_pin,
                "pin nights.db /opt/gpubench-0.1.0/bin/gpubench --runs pinned/"},
    HistoryWord{"export",
                "Writes run files or JSON lines of what the history holds.",
                add_export,
                "export nights.db --out nights/"},
    HistoryWord{"prune",
                "Removes old nights; never the last 84 of a series, nor launches of a pinned build.",
                add_prune,
                "prune nights.db --older-than 365"}};

std::string words_text() {
  std::string text = "gpubench history keeps nights in an SQLite file and judges nothing.\n\n";
  for (const HistoryWord& one : history_words) text += fmt::format("gpubench history {:<7} {}\n", one.word, one.what);
  return text + "\nExample: keep tonight's run, then look at it\n  gpubench history add nights.db tonight.json\n";
}

void check_history(const Options& options) {
  const HistoryOptions& history = options.history;
  if (history.reason && history.reason->find_first_not_of(" \t") == std::string::npos)
    throw UsageError("--reason needs a text: whoever looks at the level next year wants to know why");
  if (history.what == "export" && history.out.has_value() == history.json_lines.has_value())
    throw UsageError("gpubench history export needs --out DIR or --jsonl FILE, one of them");
  if (history.what == "prune" && !history.keep_nights && !history.older_than_days)
    throw UsageError("gpubench history prune needs --keep NIGHTS or --older-than DAYS");
  if (history.keep_nights) check_positive("--keep", *history.keep_nights);
  if (!history.older_than_days) return;
  check_positive("--older-than", *history.older_than_days);
  constexpr int century = 36500;
  if (*history.older_than_days > century)
    throw UsageError(fmt::format("--older-than {}: days, {} at most", *history.older_than_days, century));
}

void add_json(CLI::App& app, Options& options) {
  app.add_option(
         "--json", options.json_file, "for programs; - is standard output (the text then goes to standard error)")
      ->type_name("FILE|-");
  app.add_flag("--force", options.force, "replace a file that exists");
}

}  // namespace

Options parse_history(const std::vector<std::string>& arguments) {
  const std::string first = arguments.empty() ? "" : arguments.front();
  if (first == "--help" || first == "-h") return {.word = Options::Word::say, .text = words_text()};
  std::vector<std::string_view> known;
  for (const HistoryWord& one : history_words) {
    known.push_back(one.word);
    if (one.word != first) continue;
    Options options{.word = Options::Word::history};
    options.history.what = first;
    CLI::App app(std::string(one.what), fmt::format("gpubench history {}", one.word));
    app.footer(fmt::format("Example:\n  gpubench history {}", one.example));
    one.add(app, options);
    parse_words(app, options, {arguments.begin() + 1, arguments.end()});
    if (options.word == Options::Word::history) check_history(options);
    return options;
  }
  throw UsageError(fmt::format("gpubench history {}: there are {}",
                               first.empty() ? "needs a word" : first + " is none",
                               fmt::join(known, ", ")));
}

Options parse_check(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::check};
  CLI::App app(
      "Judges run files against those of other nights, without measuring anything again.\n"
      "1 a regression or a broken node, 2 called wrongly or a broken file, 3 missing, failed or undecided, 0 the rest.",
      "gpubench check");
  app.footer(
      "Examples: against a folder of run files, against a history\n"
      "  gpubench check tonight.json --baseline nights/\n"
      "  gpubench check tonight.json --history nights.db --json verdict.json");
  app.add_option("RUN", options.files, "run files of the night that is judged, or folders of them")->required();
  const auto baseline =
      app.add_option("--baseline", options.history.baseline, "run files of other nights: a file or a folder")
          ->type_name("PATH");
  app.add_option("--history", options.history.history, "a history: gpubench history add makes one")
      ->type_name("DB")
      ->excludes(baseline);
  add_json(app, options);
  parse_words(app, options, arguments);
  if (options.word == Options::Word::check && !options.history.baseline && !options.history.history)
    throw UsageError("gpubench check needs --baseline PATH or --history DB: what to judge against");
  return options;
}

Options parse_fleet(const std::vector<std::string>& arguments) {
  Options options{.word = Options::Word::fleet};
  CLI::App app(
      "Judges nodes against their peers with the same GPUs in the same night, by subsystem.\n"
      "1 a degraded node, 2 called wrongly or a broken file, 3 nothing to compare, 0 the rest.",
      "gpubench fleet");
  app.footer("Example: a folder with a run file of every node\n  gpubench fleet tonight/");
  app.add_option("DIR|DB", options.history.file, "run files of all nodes, or a history")->required();
  app.add_option("--night", options.history.night, "the night that is judged: the last one")->type_name("NIGHT");
  add_json(app, options);
  parse_words(app, options, arguments);
  return options;
}

}  // namespace gpubench
