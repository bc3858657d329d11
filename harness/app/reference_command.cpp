#include "harness/app/reference_command.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "harness/app/screen.hpp"
#include "harness/core/error.hpp"
#include "reports/json_file.hpp"
#include "reports/reference/reference.hpp"
#include "reports/reference/reference_text.hpp"

namespace gpubench {
namespace {

void list_references(bool as_json) {
  if (!as_json) {
    fmt::print("{}", reference_list_text(references()));
    return;
  }
  Json list = Json::array();
  for (const Reference& one : references())
    list.push_back({{"id", one.id},
                    {"name", one.name},
                    {"datasheet", one.datasheet.size()},
                    {"published", one.published.size()},
                    {"claims", one.claims.size()}});
  fmt::print("{}\n", list.dump(2));
}

const char* text_that_ships(const std::string& id) {
  for (const auto& [name, text] : reference_texts())
    if (id == name) return text;
  return nullptr;
}

void show_reference(const std::string& name, bool as_json) {
  if (const Reference* reference = find_reference(name)) {
    fmt::print("{}", as_json ? std::string(text_that_ships(name)) : reference_text(*reference, screen_width()));
    return;
  }
  std::error_code ignored;
  if (!std::filesystem::exists(name, ignored))
    throw UsageError(fmt::format("{}: no such reference or file{}", name, references_like(name)));
  const Reference own = read_reference(name);
  fmt::print("{}", as_json ? text_of_json_file(name) : reference_text(own, screen_width()));
}

}  // namespace

int reference_command(const Options& options) {
  if (options.files.empty())
    list_references(options.json);
  else
    show_reference(options.files.front(), options.json);
  return 0;
}

}  // namespace gpubench
