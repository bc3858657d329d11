#include "reports/journal.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/durable_file.hpp"
#include "reports/json.hpp"

namespace gpubench {
namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path, const std::string& why) {
  throw UsageError(fmt::format("{}: cannot write the journal: {}", path.string(), why));
}

int opened(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file < 0) cannot_write(path, last_error());
  if (::flock(file, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return file;  // file systems without locks: go on
  ::close(file);
  cannot_write(path, "another gpubench is writing it; give this run another --out");
}

/// The journal of an earlier run that did not end is all that is left of that run: it is put aside, not overwritten.
int opened_and_empty(const std::filesystem::path& path) {
  const int file = opened(path);
  if (::lseek(file, 0, SEEK_END) <= 0) return file;
  const std::filesystem::path aside = path.string() + ".old";
  const bool moved = ::rename(path.c_str(), aside.c_str()) == 0;
  const std::string why = moved ? "" : last_error();
  ::close(file);
  if (!moved) cannot_write(path, why);
  return opened(path);
}

std::string line_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";  // names from outside may be no UTF-8
}

/// One line as a whole or not at all: half a line would spoil the one after it.
std::string append_line(int file, const std::string& line) {
  const off_t before = ::lseek(file, 0, SEEK_END);
  std::string why_not = write_all(file, line);
  if (why_not.empty()) return flush_to_disk(file);
  if (before >= 0) (void)!::ftruncate(file, before);
  return why_not;
}

}  // namespace

Journal::Journal(const std::filesystem::path& out, const Context& context)
    : path_(out.string() + ".journal"), file_(opened_and_empty(path_)) {
  const std::string why_not = append_line(file_, line_of({{"context", to_json(context)}}));
  if (why_not.empty()) {
    flush_folder_of(path_);
    return;
  }
  ::close(file_);
  (void)::unlink(path_.c_str());
  cannot_write(path_, why_not);
}

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

bool Journal::append(const CaseResult& row, std::string& why_not) {
  const std::string cause = append_line(file_, line_of(to_json(row)));
  why_not = cause.empty() ? "" : fmt::format("{}: cannot keep {}: {}", path_.string(), row.name, cause);
  return cause.empty();
}

void Journal::done() {
  if (file_ < 0) return;
  (void)::unlink(path_.c_str());
  ::close(file_);
  file_ = -1;
}

}  // namespace gpubench
