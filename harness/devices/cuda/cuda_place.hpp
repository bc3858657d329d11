#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/device.hpp"
#include "harness/devices/cuda/clock_probe.hpp"
#include "harness/devices/cuda/events.hpp"
#include "harness/devices/cuda/memory.hpp"

namespace gpubench::cuda {

/// One device, an ordered pair, or a set of them, with a stream on each. Takes nothing before it is first used.
class CudaPlace : public Place {
 public:
  struct Participant {
    int ordinal = 0;
    int multiprocessors = 0;
    double l2_bytes = 0;
  };

  /// @param on_clock told the clock of the first participant's multiprocessors over each block, in hertz; of a block
  /// that was too short to tell, nothing
  CudaPlace(std::string name, std::vector<Participant> participants, std::function<void(double)> on_clock);
  CudaPlace(const CudaPlace&) = delete;
  CudaPlace(CudaPlace&&) = delete;
  CudaPlace& operator=(const CudaPlace&) = delete;
  CudaPlace& operator=(CudaPlace&&) = delete;
  ~CudaPlace() override;

  /// What a participant with a second-level cache of so many bytes takes when runs are cold: more than twice that.
  static std::size_t sweep_bytes(double l2_bytes) { return static_cast<std::size_t>(2.2 * l2_bytes) + 1; }

  std::string name() const override { return name_; }
  std::size_t participants() const { return participants_.size(); }
  /// Where a kernel enqueues what a participant does.
  Stream stream(std::size_t participant = 0);

  /// By events. Nothing is waited for between the samples of a block: of a set, all participants begin a sample
  /// together, and it ends with the last of them. Where runs are cold the caches are swept before each, outside of the
  /// sample, which is then one run.
  std::vector<double> time(Kernel& kernel, int runs, int samples) override;

 private:
  struct Prepared;
  Prepared& prepared();

  std::string name_;
  std::vector<Participant> participants_;
  std::unique_ptr<Prepared> prepared_;
  std::function<void(double)> on_clock_;
};

}  // namespace gpubench::cuda
