#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace gpubench {

/// Writes all of `text` to the open file. @returns why it could not (`No space left on device`), empty when it could.
/// A file size limit of the process (`ulimit -f`) is such a reason too, and does not end the process.
std::string write_all(int file, std::string_view text);

/// Has the file's contents reach the disk. @returns why it could not; pipes and devices have no disk and are fine.
std::string flush_to_disk(int file);

/// Has the names in the folder of `path` reach the disk, as far as the file system can: never a failure.
void flush_folder_of(const std::filesystem::path& path);

/// What the last system call complained about.
std::string last_error();

}  // namespace gpubench
