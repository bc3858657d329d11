# A build has one CUDA compiler, and a fleet may have drivers that carry CUDA 12 and drivers that carry 13: the plug-ins
# of the other majors, from the toolkits in GPUBENCH_CUDA_ROOTS, are built by builds of this same tree below this one,
# into the same folder. Whatever the plug-in is made of stands in the CMakeLists.txt at the root, and nowhere else.
# Sets other_cuda_backends (targets of this build) and other_cuda_files. A toolkit that cannot be used is a line, not an
# error: the host's compiler may be too new for it.
set(other_cuda_backends "")
set(other_cuda_files "")
set(majors ${CUDAToolkit_VERSION_MAJOR})  # those that there is a plug-in of
foreach(root IN LISTS GPUBENCH_CUDA_ROOTS)
  if(NOT EXISTS ${root}/bin/nvcc)
    continue()
  endif()
  execute_process(COMMAND ${root}/bin/nvcc --version OUTPUT_VARIABLE said ERROR_QUIET)
  if(NOT said MATCHES "release ([0-9]+)\\.")
    message(STATUS "There is no CUDA plug-in of ${root}: ${root}/bin/nvcc does not say its version")
    continue()
  endif()
  set(major ${CMAKE_MATCH_1})
  if(major IN_LIST majors)
    continue()
  endif()
  set(build ${PROJECT_BINARY_DIR}/cuda${major})
  set(same "")  # what a plug-in must have in common with the program
  foreach(variable CMAKE_BUILD_TYPE CMAKE_CXX_COMPILER CMAKE_CXX_COMPILER_LAUNCHER CMAKE_CUDA_COMPILER_LAUNCHER CMAKE_CXX_FLAGS
                   CMAKE_CUDA_HOST_COMPILER GPUBENCH_WERROR GPUBENCH_SANITIZE GPUBENCH_ONEDNN_ROOT
                   GPUBENCH_ONEDNN_INCLUDE_DIR GPUBENCH_VALIJSON_INCLUDE_DIR GPUBENCH_CUDA_ARCHITECTURES CMAKE_PREFIX_PATH)
    if(DEFINED ${variable})
      string(REPLACE ";" "\\;" value "${${variable}}")  # a list, of architectures, stays one argument
      list(APPEND same "-D${variable}=${value}")
    endif()
  endforeach()
  execute_process(
    COMMAND ${CMAKE_COMMAND} -S ${PROJECT_SOURCE_DIR} -B ${build} -G ${CMAKE_GENERATOR} ${same} -DBUILD_TESTING=OFF
            -DGPUBENCH_CUDA=ON -DGPUBENCH_CUDA_ROOTS= -DGPUBENCH_NVCC=${root}/bin/nvcc
            -DGPUBENCH_PLUGIN_DIR=${PROJECT_BINARY_DIR}/bin
    RESULT_VARIABLE status
    OUTPUT_VARIABLE said
    ERROR_VARIABLE said)
  if(NOT status EQUAL 0)
    string(REGEX MATCH "CMake Error[^\n]*\n+[^\n]*(\n  [^\n]*)*" why "${said}")
    string(REGEX REPLACE "[ \n]+" " " why "${why}")
    message(STATUS "There is no CUDA plug-in of ${root}: ${why}")
    continue()
  endif()
  list(APPEND majors ${major})
  message(STATUS "The plug-in of CUDA ${major} is built with ${root}")
  add_custom_target(gpubench_cuda${major} ALL
    COMMAND ${CMAKE_COMMAND} --build ${build} --target gpubench_cuda${major}
    COMMENT "Building the plug-in of CUDA ${major}")
  list(APPEND other_cuda_backends gpubench_cuda${major})
  list(APPEND other_cuda_files ${PROJECT_BINARY_DIR}/bin/libgpubench_cuda${major}.so)
endforeach()
