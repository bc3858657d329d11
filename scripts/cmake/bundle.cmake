# What `cmake --install` and `cpack -G TGZ` make: a folder that runs wherever it is put, with what a plain machine lacks.
#   bin/gpubench
#   lib/gpubench    back-ends, the libraries shipped with them, the tests that scripts/gpu_check runs
#   share/gpubench  README.md, schemas, gpu_check, licences of what is shipped
# Needed on the machine: glibc 2.34, libstdc++ of GCC 11 (Ubuntu 22.04, RHEL 9 and newer); for GPUs the driver.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # packing does not build every test
set(libraries lib/gpubench)
set_target_properties(gpubench PROPERTIES INSTALL_RPATH "$ORIGIN/../${libraries}")
set_target_properties(gpubench_cpu ${cuda_backend} PROPERTIES INSTALL_RPATH "$ORIGIN")
install(TARGETS gpubench RUNTIME DESTINATION bin)
install(TARGETS gpubench_cpu ${cuda_backend} LIBRARY DESTINATION ${libraries})
install(PROGRAMS ${other_cuda_files} DESTINATION ${libraries})
if(TARGET gpubench_device_tests)
  install(TARGETS gpubench_device_tests RUNTIME DESTINATION ${libraries} OPTIONAL)
  set(device_tests_program gpubench_device_tests)
endif()
install(PROGRAMS scripts/gpu_check scripts/cudnn_device_json DESTINATION share/gpubench)
install(PROGRAMS scripts/peers/mm_pairs scripts/peers/pytorch_mm.py DESTINATION share/gpubench/peers)
install(FILES scripts/gpu_check_items.py scripts/gpu_check_session.py README.md DESTINATION share/gpubench)
install(DIRECTORY reports/schema DESTINATION share/gpubench)

# A library under the name that programs ask for.
function(ship file)
  file(REAL_PATH ${file} file)
  execute_process(COMMAND ${CMAKE_READELF} -d ${file} OUTPUT_VARIABLE dynamic COMMAND_ERROR_IS_FATAL ANY)
  if(dynamic MATCHES "SONAME[^\n]*\\[([^]]+)\\]")
    install(PROGRAMS ${file} DESTINATION ${libraries} RENAME ${CMAKE_MATCH_1})
  endif()
endfunction()
get_target_property(benchmark_file benchmark::benchmark LOCATION)
if(benchmark_file MATCHES "\\.so")
  ship(${benchmark_file})
endif()
execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libgomp.so.1 OUTPUT_VARIABLE gomp OUTPUT_STRIP_TRAILING_WHITESPACE)
ship(${gomp})  # minimal images have none
foreach(library IN LISTS fetched)  # oneDNN of scripts/fetch_onednn: 11 MB of the 13 MB, and training on the CPU needs it
  ship(${library})
endforeach()

set(licences share/gpubench/licences)
foreach(package libbenchmark1debian libgomp1 libfmt-dev nlohmann-json3-dev libcli11-dev libvalijson-dev libgtest-dev)
  if(EXISTS /usr/share/doc/${package}/copyright)
    install(FILES /usr/share/doc/${package}/copyright DESTINATION ${licences} RENAME ${package}.txt)
  endif()
endforeach()
if(EXISTS ${GPUBENCH_ONEDNN_ROOT}/LICENSE.txt)
  install(FILES ${GPUBENCH_ONEDNN_ROOT}/LICENSE.txt DESTINATION ${licences} RENAME oneDNN.txt)
endif()
foreach(toolkit IN LISTS GPUBENCH_CUDA_ROOTS)  # the static CUDA runtime is in the plug-ins
  if(EXISTS ${toolkit}/licenses/headers.txt)
    cmake_path(GET toolkit FILENAME name)
    install(FILES ${toolkit}/licenses/headers.txt DESTINATION ${licences} RENAME ${name}.txt)
  endif()
endforeach()

# Everything stripped, not only what is built here; and libbenchmark of Debian 12 taught to do with GCC 11's libstdc++.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
install(CODE "
  set(prefix \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
  file(GLOB files LIST_DIRECTORIES false \"\${prefix}/${libraries}/*\" \"\${prefix}/bin/gpubench\")
  foreach(file IN LISTS files)
    execute_process(COMMAND \"${CMAKE_STRIP}\" \"\${file}\" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  file(GLOB files \"\${prefix}/${libraries}/libbenchmark.so*\")
  foreach(file IN LISTS files)
    execute_process(COMMAND \"${Python3_EXECUTABLE}\" \"${PROJECT_SOURCE_DIR}/scripts/bundle/older_symbol\" \"\${file}\"
      GLIBCXX_3.4.30 GLIBCXX_3.4.11 COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
")

set(CPACK_GENERATOR TGZ)
set(CPACK_PACKAGE_VENDOR gpubench)
set(CPACK_PACKAGE_FILE_NAME gpubench-${PROJECT_VERSION}-linux-${CMAKE_SYSTEM_PROCESSOR})
include(CPack)
add_custom_target(bundle  # `scripts/build bundle`: what is in it, and not every test
  COMMAND ${CMAKE_CPACK_COMMAND} --config ${PROJECT_BINARY_DIR}/CPackConfig.cmake -B ${PROJECT_BINARY_DIR}
  DEPENDS gpubench ${device_tests_program}
  COMMENT "Packing ${PROJECT_BINARY_DIR}/${CPACK_PACKAGE_FILE_NAME}.tar.gz")
