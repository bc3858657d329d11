#include "reports/file_size_signal.hpp"

#include <cerrno>
#include <ctime>

namespace gpubench {

FileSizeSignalHeld::FileSizeSignalHeld() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGXFSZ);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
}

FileSizeSignalHeld::~FileSizeSignalHeld() {
  const int error = errno;
  if (sigismember(&before_, SIGXFSZ) == 0) {
    const timespec now{};
    while (sigtimedwait(&signals_, nullptr, &now) == SIGXFSZ) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  errno = error;
}

}  // namespace gpubench
