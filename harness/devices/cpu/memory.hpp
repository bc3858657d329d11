#pragma once

#include <filesystem>
#include <optional>

namespace gpubench::cpu {

/// Bytes that this process can still take: the least of what the machine has available, what each control group above
/// it leaves (reclaimable file pages count as free), and its own limit of address space.
double available_memory(const std::filesystem::path& root);

double total_memory(const std::filesystem::path& root);

/// Highest resident memory of this process since its start, or since reset_peak().
std::optional<double> peak_memory(const std::filesystem::path& root);
bool reset_peak(const std::filesystem::path& root);  ///< false where the system does not permit it

}  // namespace gpubench::cpu
