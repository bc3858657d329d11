#include "harness/app/compare_command.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/app/output.hpp"
#include "harness/app/screen.hpp"
#include "harness/core/error.hpp"
#include "reports/compare/comparison.hpp"
#include "reports/compare/json.hpp"
#include "reports/compare/run_side.hpp"
#include "reports/compare/tables.hpp"
#include "reports/reference/reference.hpp"
#include "reports/run_file.hpp"

namespace gpubench {
namespace {

constexpr int nothing_status = 3, broken_status = 2;

/// A reference of the user's own has its name near the beginning; a run file has it nowhere.
bool is_reference_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string begin(512, '\0');
  file.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return begin.find("\"gpubench_reference\"") != std::string::npos;
}

/// A side and what it points into.
struct Named {
  std::unique_ptr<Reference> own{};
  Side side{};
};

Named side_named(const std::string& name) {
  std::error_code ignored;
  if (std::filesystem::exists(name, ignored)) {
    if (std::filesystem::is_directory(name, ignored) || !is_reference_file(name)) return {.side = side_of_runs(name)};
    Named own{.own = std::make_unique<Reference>(read_reference(name))};
    own.side = side_of(*own.own);
    own.side.label = name;
    return own;
  }
  if (const Reference* reference = find_reference(name)) {
    if (reference->datasheet.empty() && reference->published.empty())
      throw UsageError(fmt::format("{} has nothing to compare with; gpubench reference show {} shows it", name, name));
    return {.side = side_of(*reference)};
  }
  throw UsageError(fmt::format("{}: no such file, folder or reference{}", name, references_like(name)));
}

/// JSON and Markdown may both be asked for, one of them on standard output.
void check_outputs(const Options& options) {
  if (options.json_file == "-" && options.markdown_file == "-")
    throw UsageError("--json - and --markdown - cannot both go to standard output");
  check_out(options.json_file, options.force, "--json");
  check_out(options.markdown_file, options.force, "--markdown");
}

void put(const std::string& path, const std::string& text, std::string_view what) {
  if (path == "-")
    fmt::print("{}", text);
  else
    write_text(path, text, what);
}

}  // namespace

int compare_command(const Options& options) {
  check_outputs(options);
  const Named a = side_named(options.files[0]), b = side_named(options.files[1]);
  const Comparison comparison = compare(a.side, b.side);
  const bool taken = options.json_file == "-" || options.markdown_file == "-";
  fmt::print(taken ? stderr : stdout, "{}", comparison_text(comparison, screen_width()));
  if (options.json_file)
    put(*options.json_file,
        to_json(comparison).dump(2, ' ', false, Json::error_handler_t::replace) + "\n",
        "comparison");
  if (options.markdown_file) put(*options.markdown_file, comparison_markdown(comparison), "comparison");
  if (!comparison.broken.empty()) return broken_status;
  return comparison.compared() == 0 && !comparison.only_on_paper() ? nothing_status : 0;
}

}  // namespace gpubench
