#pragma once

#include <string_view>

// What must be equal on both sides before a C++ object may cross a plug-in's boundary: the shared headers, the compiler
// and every switch that changes a layout. GPUBENCH_HEADER_DIGEST is the hash of those headers, made by CMake.
#define GPUBENCH_TEXT_OF(x) #x
#define GPUBENCH_TEXT(x) GPUBENCH_TEXT_OF(x)

namespace gpubench {

inline constexpr std::string_view abi = "gpubench " GPUBENCH_HEADER_DIGEST "; " __VERSION__ "; C++ " GPUBENCH_TEXT(
    __cplusplus) "; libstdc++ " GPUBENCH_TEXT(__GLIBCXX__) " abi " GPUBENCH_TEXT(_GLIBCXX_USE_CXX11_ABI)
#ifdef _GLIBCXX_DEBUG
    " debug"
#endif
#ifdef __SANITIZE_ADDRESS__
    " asan"
#endif
#ifdef __SANITIZE_THREAD__
    " tsan"
#endif
    ;

}  // namespace gpubench
