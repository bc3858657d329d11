#pragma once

#include <filesystem>
#include <span>

namespace gpubench::cpu {

/// What the caches of these processors hold that a benchmark has to get past: level 2 and the processors' share of
/// level 3, at most 256 MB (a virtual machine may be told of its host's whole cache); 32 MB where the system does not
/// say.
double cache_bytes(const std::filesystem::path& root, std::span<const int> cpus);
/// Of this machine and the processors that this process may use.
double cache_bytes();

}  // namespace gpubench::cpu
