#include "harness/app/screen.hpp"

#include <algorithm>
#include <sys/ioctl.h>
#include <unistd.h>

namespace gpubench {

std::size_t screen_width() {
  constexpr std::size_t without_terminal = 120, least = 60;
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return without_terminal;
  return std::max<std::size_t>(least, size.ws_col);
}

}  // namespace gpubench
