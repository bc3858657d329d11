# cmake -DSOURCE=... -DOUTPUT=... -P write_commit.cmake: the commit of the sources as a C++ string literal, with `-dirty`
# where files in the repository have changed since; empty outside a checkout. The output is touched only when it
# changes, so that a build with nothing to do does nothing.
cmake_minimum_required(VERSION 3.25)
set(ENV{GIT_OPTIONAL_LOCKS} 0) # somebody may be committing in this checkout right now
execute_process(
  COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --match v[0-9]*
  OUTPUT_VARIABLE commit
  ERROR_QUIET
  OUTPUT_STRIP_TRAILING_WHITESPACE
  RESULT_VARIABLE status)
# A copy of the sources inside another project's checkout is not that project's commit.
execute_process(
  COMMAND git -C ${SOURCE} ls-files --error-unmatch CMakeLists.txt
  OUTPUT_QUIET ERROR_QUIET
  RESULT_VARIABLE tracked)
if(NOT status EQUAL 0 OR NOT tracked EQUAL 0)
  set(commit "")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "\"@commit@\"\n" @ONLY)
