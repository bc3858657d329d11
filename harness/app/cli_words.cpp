#include "harness/app/cli_words.hpp"

#include <algorithm>
#include <cmath>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {

void parse_words(CLI::App& app, Options& options, std::vector<std::string> arguments) {
  std::reverse(arguments.begin(), arguments.end());
  try {
    app.parse(arguments);
  } catch (const CLI::CallForHelp&) {
    options.word = Options::Word::say;
    options.text = app.help();
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{} ({} --help shows what there is)", error.what(), app.get_name()));
  }
}

void check_positive(std::string_view option, double value) {
  if (!(value > 0) || !std::isfinite(value))
    throw UsageError(fmt::format("{} {}: more than 0 is needed", option, value));
}

}  // namespace gpubench
