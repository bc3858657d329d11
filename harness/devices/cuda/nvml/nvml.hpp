#pragma once

#include <string>

#include "harness/core/imported.hpp"
#include "harness/devices/cuda/nvml/abi.hpp"

namespace gpubench::nvml {

/// `libnvidia-ml.so.1`, which comes with the driver. First use must come from one thread.
ImportedLibrary& library();

/// One function of the library found. One that this driver does not have answers so, as NVML itself does.
template <class Signature>
class Function;

template <class... Arguments>
class Function<Return(Arguments...)> {
 public:
  Return operator()(Arguments... arguments) const {
    return address_ ? address_(arguments...) : Return::function_not_found;
  }
  void found_at(void* address) { address_ = reinterpret_cast<Return (*)(Arguments...)>(address); }

 private:
  Return (*address_)(Arguments...) = nullptr;
};

// NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared cannot stand in parentheses
#define GPUBENCH_NVML_MEMBER(name, arguments) Function<Return arguments> name{};
// NOLINTEND(bugprone-macro-parentheses)
/// All functions, by NVML's own names.
struct Functions {
  GPUBENCH_NVML_REQUIRED(GPUBENCH_NVML_MEMBER)
  GPUBENCH_NVML_OPTIONAL(GPUBENCH_NVML_MEMBER)
};
#undef GPUBENCH_NVML_MEMBER

/// NVML, initialised, and shut down when the last session ends. Its functions may be called from any thread.
class Session {
 public:
  /// @throws Unsupported: why NVML cannot be asked, in a sentence with what to do
  Session();
  ~Session();
  Session(const Session&) = delete;
  Session(Session&&) = delete;
  Session& operator=(const Session&) = delete;
  Session& operator=(Session&&) = delete;

  const Functions* operator->() const { return &functions_; }
  const Functions& functions() const { return functions_; }
  std::string driver_version() const;  ///< `580.65.06`
  std::string version() const;         ///< of NVML: `13.580.65.06`
  /// 580 of `580.65.06`; 0 where it cannot be told.
  int driver_branch() const;

 private:
  Functions functions_;
};

/// What a status means, as a part of a sentence: `the GPU fell off the bus (NVML error 15)`.
std::string text_of(Return status);

}  // namespace gpubench::nvml
