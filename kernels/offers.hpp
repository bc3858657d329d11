#pragma once

namespace gpubench {

class CpuDevice;

/// What each back-end can time: a line for every problem and implementation. Called once, by the back-end's
/// composition root.
void offer_cpu_kernels(CpuDevice& device);

}  // namespace gpubench
