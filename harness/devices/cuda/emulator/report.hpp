#pragma once

#include <span>
#include <string>
#include <vector>

#include "harness/devices/cuda/emulator/block.hpp"
#include "harness/devices/cuda/emulator/schedule.hpp"

namespace gpubench::emulator {

/// `12`, or `0-31, 64`
std::string ranges(const std::vector<unsigned>& sorted);

/// `norm.cu:12`
std::string place_in_source(const Where& where);

/// `block (1,0,0)`
std::string block_name(const uint3& index);

/// `; seen with schedule random:7: run it again with --schedule=random:7`
std::string how_to_repeat(const Schedule& schedule);

/// Who waits where and for what, threads that wait for the same thing together.
/// @param polling the threads are not blocked, but ask for something that never comes
std::string deadlock_report(const std::string& kernel, std::span<const Block* const> blocks, bool polling);

}  // namespace gpubench::emulator
