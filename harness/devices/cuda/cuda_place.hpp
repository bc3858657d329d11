#pragma once

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

  CudaPlace(std::string name, std::vector<Participant> participants);
  ~CudaPlace() override;

  std::string name() const override { return name_; }
  std::size_t participants() const { return participants_.size(); }
  /// Where a kernel enqueues what a participant does.
  Stream stream(std::size_t participant = 0);

  /// By events. Nothing is waited for between the samples of a block: of a set, all participants begin a sample
  /// together, and it ends with the last of them. Where runs are cold the caches are swept before each, outside of the
  /// sample, which is then one run.
  std::vector<double> time(Kernel& kernel, int runs, int samples) override;

  /// Clocks of the first participant's multiprocessors, in hertz, one of each block since the last call; those blocks
  /// are left out that were too short to tell.
  std::vector<double> take_clocks();

 private:
  struct Prepared;
  Prepared& prepared();

  std::string name_;
  std::vector<Participant> participants_;
  std::unique_ptr<Prepared> prepared_;
  std::vector<double> clocks_;
};

}  // namespace gpubench::cuda
