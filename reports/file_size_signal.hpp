#pragma once

#include <csignal>

namespace gpubench {

/// Beyond `ulimit -f` a write raises SIGXFSZ, which ends the process, before it can return EFBIG. Held back for this
/// thread and taken off again, the write just fails.
class FileSizeSignalHeld {
 public:
  FileSizeSignalHeld();
  FileSizeSignalHeld(const FileSizeSignalHeld&) = delete;
  FileSizeSignalHeld(FileSizeSignalHeld&&) = delete;
  FileSizeSignalHeld& operator=(const FileSizeSignalHeld&) = delete;
  FileSizeSignalHeld& operator=(FileSizeSignalHeld&&) = delete;
  ~FileSizeSignalHeld();  ///< errno stays as it was

 private:
  sigset_t signals_{};
  sigset_t before_{};
};

}  // namespace gpubench
