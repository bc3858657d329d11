# The loops are compiled for several processors. A function that two of those objects both define (an inline function
# that was not inlined) is the linker's to choose, and an old processor would meet instructions that it does not have.
foreach(object IN LISTS OBJECTS)
  execute_process(COMMAND ${NM} --defined-only --demangle ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]* [WVu] [^\n]*" shared "${symbols}")
  if(shared)
    message(SEND_ERROR "${object} defines what other objects may define too: ${shared}")
  endif()
endforeach()
