#pragma once

#include "harness/core/where.hpp"

namespace gpubench::emulator {

/// barrier.cluster: all threads of all blocks of the cluster.
void arrive_at_cluster(const Where& where);
void wait_for_cluster(const Where& where);

/// setmaxnreg: a warpgroup gives registers back to its block's pool, or waits until it can take more.
void give_registers(const Where& where, unsigned registers);
void take_registers(const Where& where, unsigned registers);

}  // namespace gpubench::emulator
