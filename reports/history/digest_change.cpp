#include "reports/history/digest_change.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gpubench {
namespace {

std::set<std::string> lines_of(std::string_view text) {
  std::set<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.emplace(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

std::string digest_change(const std::string& before, const std::string& now) {
  std::vector<std::string> gone, came;
  const auto a = lines_of(before), b = lines_of(now);
  std::ranges::set_difference(a, b, std::back_inserter(gone));
  std::ranges::set_difference(b, a, std::back_inserter(came));
  if (gone.empty() && came.empty()) return "another digest";
  return fmt::format("{} → {}", fmt::join(gone, ", "), fmt::join(came, ", "));
}

}  // namespace gpubench
