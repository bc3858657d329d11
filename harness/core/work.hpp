#pragma once

namespace gpubench {

/// What one run costs by the definition of the problem, whatever the implementation does.
/// FLOPs and bytes are counted in the problem's own file and nowhere else; reports divide them by time.
struct Work {
  double flops = 0;
  double bytes = 0;  ///< each input read once, each output written once

  Work& operator+=(const Work& other) {
    flops += other.flops;
    bytes += other.bytes;
    return *this;
  }
};

}  // namespace gpubench
