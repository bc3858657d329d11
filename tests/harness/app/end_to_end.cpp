#include "tests/harness/app/end_to_end.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>

#include "reports/run_file.hpp"

namespace gpubench {
namespace {

constexpr const char* program = GPUBENCH_FAKE_PROGRAM;

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "gpubench-test-XXXXXX").string();
  return mkdtemp(name.data()) ? std::filesystem::path(name) : std::filesystem::path();
}

/// Ours without what the caller's own launcher may have left in it.
std::vector<std::string> environment_with(const Environment& added) {
  Environment all;
  for (char** variable = environ; *variable; ++variable) {
    const std::string text = *variable;
    all[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
  }
  for (const char* name : {"OMP_NUM_THREADS", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", "WORLD_SIZE"})
    all.erase(name);
  for (const auto& [name, value] : added) all[name] = value;
  std::vector<std::string> texts;
  texts.reserve(all.size());
  for (const auto& [name, value] : all) texts.push_back(fmt::format("{}={}", name, value));
  return texts;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// The state letter and the parent in /proc/ID/stat, behind the name in brackets.
std::pair<char, pid_t> state_and_parent(const std::string& stat) {
  const std::size_t end = stat.rfind(')');
  if (end == std::string::npos || end + 4 > stat.size()) return {'?', -1};
  return {stat[end + 2], static_cast<pid_t>(std::atol(stat.c_str() + end + 4))};
}

}  // namespace

Running::Running(const std::filesystem::path& folder, std::vector<std::string> words, const Environment& environment)
    : out_(folder / "stdout"), err_(folder / "stderr") {
  words.insert(words.begin(), program);
  std::vector<std::string> variables = environment_with(environment);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int error = posix_spawn(&id_, program, &actions, nullptr, pointers(words).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_EQ(error, 0) << program;
}

Running::~Running() {
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
}

Ended Running::end() {
  int status = 0;
  waitpid(id_, &status, 0);
  id_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), text_of_file(out_), text_of_file(err_)};
}

EndToEnd::EndToEnd() : folder_(new_folder()) {}

EndToEnd::~EndToEnd() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

Ended EndToEnd::run(const std::vector<std::string>& words, const Environment& environment) const {
  return Running(folder_, words, environment).end();
}

gpubench::Run EndToEnd::measured(std::vector<std::string> words, int expected_status, const Environment& environment) {
  words.insert(words.end(), {"--out", "run.json"});
  ended_ = run(words, environment);
  EXPECT_EQ(ended_.status, expected_status) << ended_.out << ended_.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run.json.journal"));
  if (std::filesystem::exists(folder_ / "run.json")) return read_run(folder_ / "run.json");
  ADD_FAILURE() << "no run file: " << ended_.err;
  return {};
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

CaseResult row_of(const Run& run, const std::string& part) {
  std::vector<CaseResult> rows;
  for (const CaseResult& row : run.results)
    if (row.name.find(part) != std::string::npos) rows.push_back(row);
  EXPECT_EQ(rows.size(), 1U) << part;
  return rows.size() == 1 ? rows.front() : CaseResult{};
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto id = static_cast<pid_t>(std::atol(entry.path().filename().c_str()));
    if (id > 0 && state_and_parent(text_of_file(entry.path() / "stat")).second == parent) children.push_back(id);
  }
  return children;
}

bool is_alive(pid_t id) {
  const std::string stat = text_of_file("/proc/" + std::to_string(id) + "/stat");
  return !stat.empty() && state_and_parent(stat).first != 'Z';
}

void pause_briefly() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

}  // namespace gpubench
