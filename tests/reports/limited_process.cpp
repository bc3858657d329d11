#include "tests/reports/limited_process.hpp"

#include <array>
#include <exception>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

namespace gpubench {
namespace {

[[noreturn]] void child(int pipe, std::uint64_t file_bytes, const std::function<std::string()>& what) {
  const rlimit limit{.rlim_cur = file_bytes, .rlim_max = file_bytes};
  std::string said = setrlimit(RLIMIT_FSIZE, &limit) == 0 ? "" : "no limit could be set";
  try {
    if (said.empty()) said = what();
  } catch (const std::exception& error) {
    said = fmt::format("thrown: {}", error.what());
  }
  (void)!write(pipe, said.data(), said.size());
  _exit(0);
}

}  // namespace

std::string in_process_limited_to(std::uint64_t file_bytes, const std::function<std::string()>& what) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return "no pipe";
  const pid_t process = fork();
  if (process == 0) child(ends[1], file_bytes, what);
  close(ends[1]);
  std::string said;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 0; (size = read(ends[0], buffer.data(), buffer.size())) > 0;)
    said.append(buffer.data(), static_cast<std::size_t>(size));
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
  return WIFSIGNALED(status) ? fmt::format("killed by signal {}", WTERMSIG(status)) : said;
}

}  // namespace gpubench
