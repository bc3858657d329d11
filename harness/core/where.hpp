#pragma once

namespace gpubench {

/// The caller's file and line, as a default argument. (clang 14 reading libstdc++ 12 has no std::source_location.)
struct Where {
  const char* file;
  int line;
  static constexpr Where here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) { return {file, line}; }
};

}  // namespace gpubench
