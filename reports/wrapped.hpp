#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gpubench {

/// How wide text for people may be, in characters.
inline constexpr std::size_t text_width = 110;

/// The words of a text in lines of at most `width` characters, unless one word is longer: the first line begins at
/// column `at` and is not indented, the others are, by `indent` blanks. No line feed at the end.
std::string wrapped(std::string_view text, std::size_t at, std::size_t indent, std::size_t width = text_width);

}  // namespace gpubench
