#pragma once

#include <string>
#include <string_view>

namespace gpubench {

/// SHA-256 of a text, as 64 hexadecimal digits (FIPS 180-4). Our own, so that a program that is copied to another
/// machine needs no library for one digest of a few hundred bytes.
std::string sha256(std::string_view text);

}  // namespace gpubench
