#pragma once

#include <stdexcept>
#include <string>

#include "harness/core/where.hpp"

namespace gpubench {

/// Something is broken. Ends the case it happened in (`failed`); the run goes on.
class Error : public std::runtime_error {
 public:
  /// `what` is a sentence for the user; file and line are appended to it.
  explicit Error(const std::string& what, Where where = Where::here());
};

/// Nothing is broken, but this device or build cannot run the case. Its text is the reason a user reads.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The constructors are written out: nvcc 13.0 breaks off at inherited ones with such a default.

/// Memory ran out during a case although the estimate said it would fit. The case is `failed`.
class OutOfMemory : public Error {
 public:
  explicit OutOfMemory(const std::string& what, Where where = Where::here()) : Error(what, where) {}
};

/// The device's context is gone (illegal address, fallen off the bus): nothing later in this process can be trusted.
class DeviceLost : public Error {
 public:
  /// Whose doing it was: a hardware failure is a finding about the node, whatever was measured before.
  enum class Cause { program, hardware };
  explicit DeviceLost(const std::string& what, Cause cause = Cause::program, Where where = Where::here())
      : Error(what, where), cause_(cause) {}
  Cause cause() const { return cause_; }

 private:
  Cause cause_;
};

/// The command was called wrongly, or names a file that cannot be read or written: one sentence, exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace gpubench
