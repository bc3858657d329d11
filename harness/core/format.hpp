#pragma once

#include <cstdint>
#include <string>

namespace gpubench {

// The only places where a number gets a unit for people. Inside: seconds, bytes, FLOP/s.

std::string text_of_seconds(double seconds);    ///< "1.571 s", "34.9 h", "812 µs"; three or four digits
std::string text_of_bytes(double bytes);        ///< decimal units: "2.6 GB"
std::string text_of_count(std::int64_t count);  ///< groups of three: "1 281 167"
std::string text_of_rate(double per_second, const char* unit);  ///< 5.2e12, "FLOP/s" -> "5.20 TFLOP/s"; decimal
std::string text_of_cuda(int version);                          ///< as CUDA counts: 12040 -> "12.4"
std::string text_of_percent(double fraction);                   ///< 0.0042 -> "0.4 %"

}  // namespace gpubench
