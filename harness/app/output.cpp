#include "harness/app/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/json.hpp"
#include "reports/run_file.hpp"
#include "reports/table.hpp"

namespace gpubench {
namespace {

/// A pipe or /dev/null: nothing can stand beside it, and nobody could read the journal's rows there.
bool is_no_file(const std::string& path) {
  std::error_code error;
  return path == "-" || (std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error));
}

}  // namespace

void check_out(const std::optional<std::string>& out, bool force, std::string_view option) {
  if (!out || *out == "-") return;
  const std::filesystem::path path(*out);
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::error_code error;
  const auto cannot = [&](const std::string& why) {
    throw UsageError(fmt::format("{} {}: cannot be written: {}", option, *out, why));
  };
  if (std::filesystem::is_directory(path, error)) cannot("it is a folder");
  if (!std::filesystem::is_directory(folder, error)) cannot(fmt::format("there is no folder {}", folder.string()));
  if (access(folder.c_str(), W_OK) != 0) cannot(std::strerror(errno));
  if (std::filesystem::is_regular_file(path, error) && !force)
    throw UsageError(fmt::format("{} {} exists; --force replaces it", option, *out));
}

Output::Output(const std::optional<std::string>& out, const Context& context)
    : path_(out.value_or(default_run_file(context))) {
  if (!is_no_file(path_)) journal_ = std::make_unique<Journal>(path_, context);
}

void Output::keep(const CaseResult& row) {
  std::string why_not;
  if (!journal_ || journal_->append(row, why_not) || told_) return;
  fmt::print(stderr, "gpubench: {}; the run goes on\n", why_not);
  told_ = true;
}

void Output::write(const Run& run) {
  if (path_ == "-") {
    const std::string text = to_json(run).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
      throw UsageError(fmt::format("cannot write the run file to standard output: {}", std::strerror(errno)));
    return;
  }
  try {
    write_run(run, path_);
  } catch (const UsageError& error) {
    if (!journal_) throw;
    throw UsageError(fmt::format("{}; its rows are in {}", error.what(), journal_->path().string()));
  }
  if (journal_) journal_->done();
}

/// The table comes first: should the file fail, its reader has at least seen the numbers.
void Output::finish(const Run& run, double run_seconds, bool explain) {
  const bool json_on_stdout = path_ == "-";
  fmt::print(json_on_stdout ? stderr : stdout,
             "{}",
             text_of(run, run_seconds, json_on_stdout ? "standard output" : path_, explain));
  std::fflush(stdout);
  write(run);
}

}  // namespace gpubench
