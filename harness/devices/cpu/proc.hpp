#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gpubench::cpu {

// Small readers of /proc and /sys. `root` stands before every path, `/` on a real machine, so that tests can bring
// their own files.

/// Whole text; empty where the file cannot be read.
std::string text_of_file(const std::filesystem::path& file);

/// `MemAvailable:  1234 kB` -> 1263616 bytes.
std::optional<double> kilobytes(std::string_view text, std::string_view key);

/// A number in a file of one line; none for `max` and where there is none.
std::optional<double> number_in(const std::filesystem::path& file);

}  // namespace gpubench::cpu
