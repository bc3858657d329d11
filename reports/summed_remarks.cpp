#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "reports/rate.hpp"
#include "reports/remarks.hpp"

namespace gpubench {
namespace {

/// The first number in a text, to tell which of several is the worst; 0 where there is none.
double number_in(const std::string& text) {
  const std::size_t at = text.find_first_of("0123456789");
  return at == std::string::npos ? 0 : std::strtod(text.c_str() + at, nullptr);
}

/// What several cases say: `contended` of `contended: others used 12 % of the CPU`.
struct Said {
  std::string what{}, worst{};
  std::vector<std::string> cases{};
};

std::vector<Said> labels_of(const Group& group) {
  std::vector<Said> all;
  for (const CaseSummary& one : group.cases)
    for (const CaseResult* row : one.launches)
      for (const std::string& label : row->labels) {
        const std::string what = label.substr(0, label.find(':'));
        auto said = std::ranges::find(all, what, &Said::what);
        if (said == all.end()) said = all.insert(all.end(), Said{.what = what, .worst = label});
        if (number_in(label) > number_in(said->worst)) said->worst = label;
        if (std::ranges::find(said->cases, one.first().name) == said->cases.end())
          said->cases.push_back(one.first().name);
      }
  return all;
}

/// The label itself, not a finding or a reason that mentions it.
bool says(const std::string& remark, const Said& said) {
  return std::ranges::any_of(said.cases,
                             [&](const std::string& name) { return remark.starts_with(name + ": " + said.what); });
}

}  // namespace

std::vector<std::string> summed_remarks(const Group& group) {
  constexpr std::size_t few = 2;
  std::vector<Said> often = labels_of(group);
  std::erase_if(often, [](const Said& said) { return said.cases.size() <= few; });
  std::vector<std::string> lines = remarks(group, [](const CaseSummary& one) { return one.first().name; });
  std::erase_if(lines, [&](const std::string& line) {
    return std::ranges::any_of(often, [&](const Said& said) { return says(line, said); });
  });
  const auto timed = std::ranges::count_if(group.cases, [](const CaseSummary& one) { return one.has_time(); });
  for (const Said& said : often) {
    const bool detailed = said.worst.size() > said.what.size();
    lines.push_back(fmt::format("{} in {} of {} cases{}",
                                said.what,
                                said.cases.size(),
                                std::max<std::ptrdiff_t>(timed, std::ssize(said.cases)),
                                detailed ? ", at worst" + said.worst.substr(said.what.size() + 1) : ""));
  }
  return lines;
}

}  // namespace gpubench
