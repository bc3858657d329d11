# What is not timed need not be fast: a build compiles it with less optimisation, and tests find GoogleTest compiled.
# A Debug build (the sanitizers') keeps its own flags.

# optimised_less(LEVEL TARGET…)
function(optimised_less level)
  foreach(target IN LISTS ARGN)
    target_compile_options(${target} PRIVATE $<$<AND:$<COMPILE_LANGUAGE:CXX>,$<NOT:$<CONFIG:Debug>>>:${level}>)
  endforeach()
endfunction()

# quick_tests(NAME LEVEL TARGETS… [WITH LIBRARIES…]): the headers that tests share are compiled once, for programs of the same
# flags; g++ refuses them where the flags differ, and its warning of that is an error. Only in tests, and not with the
# presets `cpu` and `asan`, nor for scripts/lint: those see a file that lacks an include. LIBRARIES change the flags.
function(quick_tests name level)
  cmake_parse_arguments(PARSE_ARGV 2 these "" "" WITH)
  set(targets ${these_UNPARSED_ARGUMENTS})
  optimised_less(${level} ${targets})
  # The headers belong to a program that has nothing else: to build one test is not to build another.
  set(owner gpubench_${name}_headers)
  set(source ${PROJECT_BINARY_DIR}/tests/${owner}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "int main() {}\n" @ONLY)
  add_executable(${owner} ${source})
  target_link_libraries(${owner} PRIVATE gpubench_flags GTest::gmock GTest::gtest ${these_WITH})
  optimised_less(${level} ${owner})
  set_target_properties(${owner} PROPERTIES EXCLUDE_FROM_ALL ON RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  target_precompile_headers(${owner} PRIVATE
    <algorithm> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <optional> <sstream> <string> <vector>
    <fmt/format.h> <gmock/gmock.h> <gtest/gtest.h>)
  foreach(target IN LISTS targets)
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endforeach()
endfunction()
