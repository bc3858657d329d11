# cmake -DINPUT=FOLDER -DOUTPUT=... -P embed_references.cmake: every JSON file of a folder as a C++ function that returns
# name and text of each. A raw string needs no escaping.
cmake_minimum_required(VERSION 3.25)
file(GLOB files ${INPUT}/*.json)
list(SORT files)
file(WRITE ${OUTPUT} "#include \"reports/reference/reference.hpp\"

namespace gpubench {

std::vector<std::pair<const char*, const char*>> reference_texts() {
  return {")
foreach(path IN LISTS files)
  cmake_path(GET path STEM name)
  file(READ ${path} text)
  file(APPEND ${OUTPUT} "{\"${name}\", R\"text(${text})text\"},\n")
endforeach()
file(APPEND ${OUTPUT} "};
}

}  // namespace gpubench
")
