#include "reports/durable_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "reports/file_size_signal.hpp"

namespace gpubench {
std::string last_error() { return std::strerror(errno); }  // NOLINT(concurrency-mt-unsafe)

std::string write_all(int file, std::string_view text) {
  const FileSizeSignalHeld held;
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return last_error();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string flush_to_disk(int file) {
  if (::fsync(file) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP) return {};
  return last_error();
}

void flush_folder_of(const std::filesystem::path& path) {
  const std::filesystem::path parent = path.parent_path();
  const int folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return;
  (void)::fsync(folder);
  ::close(folder);
}

}  // namespace gpubench
