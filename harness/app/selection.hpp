#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/app/protocol.hpp"

namespace gpubench {

/// What of the cases that were found shall run, as the command line has it.
struct Wanted {
  std::string device = "auto";
  std::vector<std::string> suites{};
  std::optional<std::string> pattern{};             ///< --case
  std::optional<std::vector<std::string>> names{};  ///< --cases-from
  std::vector<std::string> precisions{};
};

/// The ids of the devices that `asked` means. @throws UsageError naming what there is
std::vector<std::string> chosen_devices(const Hello& hello, const std::string& asked);

/// The wanted ones, each once, in the order found; on more than one device with @device in the name.
/// @throws UsageError when a wish matches nothing, naming the wish and what exists
std::vector<Candidate> chosen_cases(const std::vector<Candidate>& found, const Hello& hello, const Wanted& wanted);

/// The names that the user asked for in full, by --case or --cases-from.
std::set<std::string> named_in_full(const std::vector<Candidate>& chosen, const Wanted& wanted);

/// @throws UsageError for a word that is no precision and no mode
void check_precisions(const std::vector<std::string>& precisions);

}  // namespace gpubench
