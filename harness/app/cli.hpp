#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/suite.hpp"

namespace gpubench {

/// What the command line says, checked as far as words alone can be.
struct Options {
  enum class Word { run, list, doctor, validate, compare, reference, say };
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

  std::vector<std::string> files{};  ///< validate: run files; compare: A and B; reference: what to show, or nothing

  // compare
  std::optional<std::string> json_file{}, markdown_file{};  ///< file, or `-`
};

/// @param arguments without the program's name. @throws UsageError with one sentence
Options parse(const std::vector<std::string>& arguments, const std::string& version);

}  // namespace gpubench
