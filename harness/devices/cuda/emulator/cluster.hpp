#pragma once

#include "harness/devices/cuda/emulator/block.hpp"

namespace gpubench::emulator {

/// barrier.cluster: all threads of all blocks of the cluster.
void arrive_at_cluster(const Where& where);
void wait_for_cluster(const Where& where);

/// A thread of this block has returned: the others do not wait for it.
void leave_cluster_barrier(const Block& block);

/// setmaxnreg: a warpgroup gives registers back to its block's pool, or waits until it can take more.
void give_registers(const Where& where, unsigned registers);
void take_registers(const Where& where, unsigned registers);

}  // namespace gpubench::emulator
