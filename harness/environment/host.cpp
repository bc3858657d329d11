#include "harness/environment/host.hpp"

#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/environment/container.hpp"
#include "harness/environment/system_file.hpp"
#include "harness/environment/usable_cpus.hpp"

namespace gpubench {
namespace {

double number_of(std::string_view text) {
  double number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// `48K` -> 49152
std::int64_t bytes_of(const std::string& text) {
  const auto number = static_cast<std::int64_t>(number_of(text));
  if (text.ends_with('K')) return number << 10;
  if (text.ends_with('M')) return number << 20;
  return number;
}

/// How many processors a hexadecimal mask names: `00000000,0000000f` -> 4.
int count_of_mask(std::string_view mask) {
  int count = 0;
  for (const char digit : mask) {
    unsigned value = 0;
    (void)std::from_chars(&digit, &digit + 1, value, 16);
    count += std::popcount(value);
  }
  return count;
}

/// Names in a folder that are `prefix` and a number, in the order of their numbers.
std::vector<std::filesystem::path> numbered(const std::filesystem::path& folder, std::string_view prefix) {
  std::vector<std::pair<double, std::filesystem::path>> found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    const bool is_one = name.size() > prefix.size() && name.starts_with(prefix) &&
                        std::all_of(name.begin() + static_cast<std::ptrdiff_t>(prefix.size()),
                                    name.end(),
                                    [](unsigned char c) { return std::isdigit(c) != 0; });
    if (is_one) found.emplace_back(number_of(std::string_view(name).substr(prefix.size())), entry.path());
  }
  std::ranges::sort(found);
  std::vector<std::filesystem::path> paths;
  paths.reserve(found.size());
  for (auto& [number, path] : found) paths.push_back(std::move(path));
  return paths;
}

std::vector<Host::Cache> caches(const std::filesystem::path& cpu) {
  std::vector<Host::Cache> found;
  for (const auto& index : numbered(cpu / "cpu0/cache", "index"))
    found.push_back({.type = system_file(index / "type"),
                     .level = static_cast<int>(number_of(system_file(index / "level"))),
                     .bytes = bytes_of(system_file(index / "size")),
                     .sharing = count_of_mask(system_file(index / "shared_cpu_map"))});
  return found;
}

/// The policies in force, each once: `performance`, or `performance, powersave` where cores differ.
std::string governor(const std::filesystem::path& cpu) {
  std::set<std::string> names;
  for (const auto& policy : numbered(cpu / "cpufreq", "policy")) {
    const std::string name = system_file(policy / "scaling_governor");
    if (!name.empty()) names.insert(name);
  }
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// x86 names its processors; elsewhere whatever the firmware says about the machine.
std::string cpu_model(const std::filesystem::path& root, const std::string& cpuinfo) {
  for (const char* key : {"model name", "Model", "Hardware", "cpu"})
    if (std::string name = value_of(cpuinfo, key, ':'); !name.empty()) return name;
  return system_file(root / "sys/firmware/devicetree/base/model");
}

std::string operating_system(const std::filesystem::path& root) {
  for (const char* file : {"etc/os-release", "usr/lib/os-release"}) {
    std::string name = value_of(system_file(root / file), "PRETTY_NAME", '=');
    std::erase(name, '"');
    if (!name.empty()) return name;
  }
  return {};
}

void capture_kernel(Host& host) {
  utsname names{};
  if (uname(&names) != 0) return;
  host.name = names.nodename;
  host.kernel = std::string(names.sysname) + " " + names.release + " " + names.machine;
  if (host.cpu_model.empty()) host.cpu_model = names.machine;
}

std::vector<double> load_average(const std::filesystem::path& root) {
  std::istringstream text(system_file(root / "proc/loadavg"));
  std::vector<double> found;
  for (double load = 0; found.size() < 3 && text >> load;) found.push_back(load);
  return found;
}

}  // namespace

Host capture_host(const std::filesystem::path& root) {
  const std::filesystem::path cpu = root / "sys/devices/system/cpu";
  const std::string cpuinfo = system_file(root / "proc/cpuinfo");
  Host host{.cpu_model = cpu_model(root, cpuinfo),
            .logical_cpus = count_of_list(system_file(cpu / "online")),
            .mhz = number_of(system_file(cpu / "cpu0/cpufreq/cpuinfo_max_freq")) / 1e3,
            .governor = governor(cpu),
            .caches = caches(cpu),
            .load_average = load_average(root),
            .numa_nodes = static_cast<int>(numbered(root / "sys/devices/system/node", "node").size()),
            .memory_bytes = 1024 * number_of(value_of(system_file(root / "proc/meminfo"), "MemTotal", ':')),
            .operating_system = operating_system(root),
            .container = container(root)};
  if (host.logical_cpus == 0) host.logical_cpus = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
  if (host.mhz == 0) host.mhz = number_of(value_of(cpuinfo, "cpu MHz", ':'));
  host.frequency_scaling = !host.governor.empty() && host.governor != "performance";
  host.usable_cpus = affinity_cpus() > 0 ? affinity_cpus() : host.logical_cpus;
  if (const auto quota = quota_cpus(root)) host.usable_cpus = std::min(host.usable_cpus, *quota);
  capture_kernel(host);
  return host;
}

}  // namespace gpubench
