#pragma once

#include <stdexcept>
#include <string>

namespace gpubench {

/// The user wants to stop, and there is nothing to keep.
class Interrupted : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// While one lives, SIGINT, SIGTERM and SIGHUP are kept as a wish to stop, which the waiting conductor sees; the second
/// one ends the process at once (the kernel kills the worker, the journal stays). One at a time.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt(Interrupt&&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  Interrupt& operator=(Interrupt&&) = delete;
  ~Interrupt();

  int readable() const { return pipe_[0]; }  ///< a descriptor that can be read once there was one
  bool wanted() const;
  std::string sentence() const;  ///< `interrupted (SIGINT)`

 private:
  int pipe_[2]{-1, -1};
};

}  // namespace gpubench
