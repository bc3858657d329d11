#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

namespace gpubench {

/// Keys of a row that are Google Benchmark's (1.7 and 1.8, aggregates and complexity included) or ours: a figure lies
/// flat beside them.
inline constexpr std::string_view fixed_row_keys[] = {"name",
                                                      "family_index",
                                                      "per_family_instance_index",
                                                      "run_name",
                                                      "run_type",
                                                      "repetitions",
                                                      "repetition_index",
                                                      "threads",
                                                      "iterations",
                                                      "real_time",
                                                      "cpu_time",
                                                      "time_unit",
                                                      "label",
                                                      "error_occurred",
                                                      "error_message",
                                                      "skipped",
                                                      "skip_message",
                                                      "aggregate_name",
                                                      "aggregate_unit",
                                                      "cpu_coefficient",
                                                      "real_coefficient",
                                                      "big_o",
                                                      "rms",
                                                      "allocs_per_iter",
                                                      "max_bytes_used",
                                                      "total_allocated_bytes",
                                                      "net_heap_growth",
                                                      "peak_memory_bytes",
                                                      "gpubench"};

constexpr bool is_fixed_row_key(std::string_view key) {
  return std::ranges::find(fixed_row_keys, key) != std::end(fixed_row_keys);
}

}  // namespace gpubench
