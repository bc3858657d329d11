#include "reports/run_file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/durable_file.hpp"
#include "reports/json.hpp"
#include "reports/json_file.hpp"

namespace gpubench {
namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path, std::string_view what, const std::string& why) {
  throw UsageError(fmt::format("{}: cannot write the {}: {}", path.string(), what, why));
}

std::string compact(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Writes and closes. @returns why it could not
std::string write_and_close(int file, const std::string& text) {
  std::string why_not = write_all(file, text);
  if (why_not.empty()) why_not = flush_to_disk(file);
  if (::close(file) != 0 && why_not.empty()) why_not = last_error();
  return why_not;
}

/// Devices and pipes are written to; a rename would put a file in their place.
void write_in_place(const std::filesystem::path& path, const std::string& text, std::string_view what) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) cannot_write(path, what, last_error());
  const std::string why_not = write_and_close(file, text);
  if (!why_not.empty()) cannot_write(path, what, why_not);
}

void write_beside_and_rename(const std::filesystem::path& path, const std::string& text, std::string_view what) {
  const std::filesystem::path beside = path.string() + ".tmp";
  (void)::unlink(beside.c_str());  // what a killed run may have left
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (file < 0) cannot_write(path, what, last_error());
  std::string why_not = write_and_close(file, text);
  if (why_not.empty() && ::rename(beside.c_str(), path.c_str()) != 0) why_not = last_error();
  if (!why_not.empty()) {
    (void)::unlink(beside.c_str());
    cannot_write(path, what, why_not);
  }
  flush_folder_of(path);
}

Run run_of(const Json& json, const std::string& name) {
  try {
    return run_from_json(json);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", name, error.what()));
  }
}

}  // namespace

std::string default_run_file(const Context& context) {
  std::string host = context.host.name.empty() ? "host" : context.host.name;
  std::ranges::replace(host, '/', '-');
  std::string when = context.start;
  std::erase_if(when, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("gpubench-{}-{}.json", host, when);
}

std::string text_of_run_file(const Run& run) {
  const Json json = to_json(run);
  std::string text = "{\n  \"context\": ";
  for (const char c : json["context"].dump(2, ' ', false, Json::error_handler_t::replace)) {
    text += c;
    if (c == '\n') text += "  ";
  }
  text += ",\n  \"benchmarks\": [";
  const char* separator = "\n    ";
  for (const Json& row : json["benchmarks"]) {
    text += separator + compact(row);
    separator = ",\n    ";
  }
  return text + (json["benchmarks"].empty() ? "]\n}\n" : "\n  ]\n}\n");
}

void write_run(const Run& run, const std::filesystem::path& path) {
  write_text(path, text_of_run_file(run), "run file");
}

void write_text(const std::filesystem::path& path, const std::string& text, std::string_view what) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (std::filesystem::is_directory(status)) cannot_write(path, what, "it is a folder");
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return write_in_place(path, text, what);
  const bool link = std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored));
  write_beside_and_rename(link ? std::filesystem::weakly_canonical(path) : path, text, what);
}

Run read_run(const std::filesystem::path& path) { return run_of(read_json_file(path), path.string()); }

Run run_of_text(std::string_view text, const std::string& name) {
  try {
    return run_of(Json::parse(text), name);
  } catch (const Json::parse_error& error) {
    throw UsageError(not_json_text(name, text, 1, error.byte, error.what()));
  }
}

}  // namespace gpubench
