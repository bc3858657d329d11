# Makes CUDA a language of the build, with the nvcc in GPUBENCH_NVCC. A toolkit that cannot compile (mostly: its host
# compiler is too new for it) must not break the build for the CPU: it is tried first, and cuda_language_error says what
# was wrong; empty: all went well.
set(GPUBENCH_CUDA_ARCHITECTURES "80-real;80-virtual;90a-real" CACHE STRING
  "What nvcc compiles for: A100, H100; PTX for the others")

option(GPUBENCH_CUDA_LINES "Source lines in device code, for ncu and compute-sanitizer: four times as large" OFF)
foreach(architecture IN LISTS GPUBENCH_CUDA_ARCHITECTURES)
  if(architecture MATCHES "^90(-|$)")
    message(FATAL_ERROR "GPUBENCH_CUDA_ARCHITECTURES has ${architecture}: our kernels for it are 90a's, and would trap")
  endif()
endforeach()

if(NOT DEFINED CMAKE_CUDA_HOST_COMPILER AND NOT DEFINED ENV{CUDAHOSTCXX})
  set(CMAKE_CUDA_HOST_COMPILER ${CMAKE_CXX_COMPILER})  # else nvcc takes the first g++ on the PATH
endif()
set(host_compiler ${CMAKE_CUDA_HOST_COMPILER} $ENV{CUDAHOSTCXX})
list(GET host_compiler 0 host_compiler)

# A program, not an object: CMake links one too when it enables the language, and there an error would be final.
set(cuda_language_error "")
set(tried "${GPUBENCH_NVCC} ${host_compiler} ${GPUBENCH_CUDA_ARCHITECTURES}")
if(NOT GPUBENCH_NVCC_COMPILES STREQUAL tried)
  set(generate "")
  foreach(architecture IN LISTS GPUBENCH_CUDA_ARCHITECTURES)
    if(architecture MATCHES "^([0-9]+[af]?)(-real|-virtual)?$")
      set(code sm_${CMAKE_MATCH_1})
      if(architecture MATCHES "-virtual$")
        string(REPLACE sm_ compute_ code ${code})
      endif()
      string(REGEX REPLACE "^[a-z]+_" "compute_" virtual ${code})
      list(APPEND generate -gencode=arch=${virtual},code=${code})
    endif()
  endforeach()
  set(probe ${PROJECT_BINARY_DIR}/CMakeFiles/cuda_probe)
  file(WRITE ${probe}.cu "#include <cstdint>\n__global__ void probe(std::int32_t* to) { *to = 1; }\n"
                         "int main() { probe<<<1, 1>>>(nullptr); }\n")
  execute_process(
    COMMAND ${GPUBENCH_NVCC} -std=c++20 -ccbin ${host_compiler} ${generate} -o ${probe} ${probe}.cu
    RESULT_VARIABLE status
    OUTPUT_VARIABLE said
    ERROR_VARIABLE said
    TIMEOUT 120)
  if(status EQUAL 0)
    set(GPUBENCH_NVCC_COMPILES ${tried} CACHE INTERNAL "the nvcc, host compiler and architectures that were tried")
  else()
    string(REGEX MATCH "[^\n]*error[^\n]*|[^\n]+" said "${said}")  # the first error, else the first line
    set(cuda_language_error "${GPUBENCH_NVCC} cannot compile a trivial kernel with ${host_compiler} (${status}: ${said})")
  endif()
endif()

if(NOT cuda_language_error)
  set(CMAKE_CUDA_COMPILER ${GPUBENCH_NVCC})
  set(CMAKE_CUDA_ARCHITECTURES ${GPUBENCH_CUDA_ARCHITECTURES})
  enable_language(CUDA)
  if(NOT CMAKE_CUDA20_STANDARD_COMPILE_OPTION)  # CMake 3.25 knows nvcc's standards up to 17 and drops a 20 silently
    set(CMAKE_CUDA20_STANDARD_COMPILE_OPTION -std=c++20)
    set(CMAKE_CUDA20_EXTENSION_COMPILE_OPTION -std=c++20)
  endif()
  set(CMAKE_CUDA_STANDARD 20)
  set(CMAKE_CUDA_STANDARD_REQUIRED ON)
  set(CMAKE_CUDA_VISIBILITY_PRESET hidden)
  set(CMAKE_CUDA_SEPARABLE_COMPILATION OFF)

  # What all device code of ours is compiled with. ptxas tells the resources of each kernel, and the launcher keeps that
  # beside the object. Headers that know nothing of CUDA have constexpr functions that kernels call.
  add_library(gpubench_cuda_flags INTERFACE)
  target_link_libraries(gpubench_cuda_flags INTERFACE gpubench_flags)
  target_include_directories(gpubench_cuda_flags SYSTEM INTERFACE ${CUDAToolkit_INCLUDE_DIRS})
  target_compile_options(gpubench_cuda_flags INTERFACE
    $<$<COMPILE_LANGUAGE:CUDA>:$<$<BOOL:${GPUBENCH_CUDA_LINES}>:-lineinfo> --expt-relaxed-constexpr -Xptxas=-v -Xcompiler=-Wall,-Wextra>)
  if(GPUBENCH_WERROR)
    target_compile_options(gpubench_cuda_flags INTERFACE "$<$<COMPILE_LANGUAGE:CUDA>:SHELL:-Werror all-warnings>")
  endif()
  set(gpubench_cuda_launcher ${PROJECT_SOURCE_DIR}/scripts/cmake/keep_ptxas_report ${CMAKE_CUDA_COMPILER_LAUNCHER})
endif()
