#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace gpubench {

/// The first 16 KiB of one of the kernel's small files, without blanks and line feeds at its end; empty when it is not
/// there. (A whole /proc/cpuinfo takes milliseconds on a large machine.)
std::string system_file(const std::filesystem::path& path);

/// What follows `key` and the separator on its line: `model name : Intel` -> `Intel`; empty when there is no such line.
std::string value_of(std::string_view text, std::string_view key, char separator);

/// How many processors a kernel list names: `0-3,8` -> 5.
int count_of_list(std::string_view list);

/// The processors that it names: `0-2,8` -> 0, 1, 2, 8.
std::vector<int> numbers_of_list(std::string_view list);

std::vector<std::string> lines_of(std::string_view text);

}  // namespace gpubench
