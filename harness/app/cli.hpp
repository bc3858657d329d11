#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite.hpp"

namespace gpubench {

/// What `history`, `check` and `fleet` are asked for.
struct HistoryOptions {
  std::string what{};  ///< history: `add`, `list`, `show`, `accept`, `pin`, `export`, `prune`
  std::string file{};  ///< history: the file; fleet: it, or a folder of run files
  std::optional<std::string> baseline{}, history{};  ///< check: one of them
  std::optional<std::string> node{}, night{}, reason{}, command{};
  std::optional<std::string> out{}, json_lines{};  ///< export: a folder; a file, or `-`
  std::optional<int> keep_nights{}, older_than_days{};
};

/// What the command line says, checked as far as words alone can be.
struct Options {
  enum class Word { run, list, doctor, validate, compare, reference, history, check, fleet, say };
  Word word = Word::run;
  std::string text{};  ///< say: this (help, version), and end

  // run
  std::vector<std::string> suites{};  ///< list takes them too
  std::optional<std::string> pattern{};
  std::optional<std::string> cases_from{};  ///< file, or `-`
  std::vector<std::string> precisions{};
  std::string device = "auto";
  int launches = 1;
  double budget_seconds = 300;  ///< measuring time of the whole command
  SuiteOptions suite_options{};
  std::optional<std::string> out{};  ///< file, or `-`
  bool force = false;
  bool dry_run = false;
  bool no_graph = false;
  bool explain = false;
  bool list_tests = false;

  // list, doctor, reference
  bool json = false;

  std::vector<std::string> files{};  ///< validate: run files; compare: A and B; reference: what to show, or nothing;
                                     ///< check, history add and pin: run files and folders

  // compare
  std::optional<std::string> json_file{}, markdown_file{};  ///< file, or `-`; check and fleet take JSON too

  HistoryOptions history{};
};

/// @param arguments without the program's name. @throws UsageError with one sentence
Options parse(const std::vector<std::string>& arguments, const std::string& version);

}  // namespace gpubench
