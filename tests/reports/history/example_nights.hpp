#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/run.hpp"
#include "tests/reports/compare/example_nodes.hpp"

namespace gpubench::example {

/// `2026-11-01T02:00:00Z` plus days and hours.
std::string start_of_night(int day, double hours = 0);

/// One night's run of a node: its cases, each `slower` times as slow.
Run night_run(int day, const Node& node, const std::vector<Told>& cases, double slower = 1);
/// The same of a DGX's first GPUs, with a product and a copy: 600 TFLOP/s and 3000 GB/s, apart by a few parts in ten
/// thousand from night to night.
Run night_run(int day, double slower = 1, int launches = 2);

/// Writes the nights from the first on into a folder, a run file each.
void write_nights(const std::filesystem::path& folder, int nights, int launches = 2);

}  // namespace gpubench::example
