# Fails when a file needs a library that has to be found at run time instead, or that a plug-in has to bring.
#   cmake -DREADELF=... -DFILES="a;b" -DFORBIDDEN="libcuda|libdnnl" -P needed_libraries.cmake
foreach(file IN LISTS FILES)
  execute_process(COMMAND ${READELF} -d ${file} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "NEEDED[^\n]*" needed "${dynamic}")
  if(NOT needed)
    message(FATAL_ERROR "${file} needs nothing: this looks in the wrong place")
  endif()
  foreach(library IN LISTS needed)
    if(library MATCHES "\\[(${FORBIDDEN})\\.so")
      message(SEND_ERROR "${file} needs ${library}")
    endif()
  endforeach()
endforeach()
