#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/result.hpp"

namespace gpubench {

/// Told what goes on, so that whoever waits knows that it goes on. May be called from the measuring thread only.
class Progress {
 public:
  virtual ~Progress() = default;
  /// `doing` is a few words: `planning`, `verifying`, `step 3`.
  virtual void on(const std::string& doing) = 0;
};

/// One problem made ready by one implementation on one place. Made in three steps, so that nothing is taken before it
/// is known to fit: construction plans, allocate() takes memory, then it runs.
class Kernel {
 public:
  virtual ~Kernel() = default;

  /// What the library chose, as text by name; known after construction.
  virtual std::map<std::string, std::string> plan() const { return {}; }

  /// Bytes of device memory that allocate() will take and checks of this case will need at most at one time.
  virtual double memory_bytes() const = 0;

  /// Takes the memory and fills the inputs. @throws OutOfMemory
  virtual void allocate(Progress& progress) = 0;

  /// Makes the inputs of the next `runs` runs ready; never timed.
  virtual void stage(int runs) { (void)runs; }

  /// Each run shall find nothing in the caches: the place sweeps them before it, outside of the timing, and times one
  /// run a sample.
  virtual bool runs_cold() const { return false; }

  /// Enqueues `runs` runs back to back; may return before they end.
  virtual void enqueue(int runs) = 0;

  /// Checks the answers on the timed buffers and plan: before the timed window and, `again`, after it.
  virtual Verification verify(bool again, Progress& progress) = 0;

  /// One more run, taken apart by kind and pass; empty where a run has no parts.
  virtual std::vector<Part> parts() { return {}; }

  /// Adds what only this kernel knows (parity, planned memory) to a finished row.
  virtual void describe(CaseResult& result) const { (void)result; }
};

}  // namespace gpubench
