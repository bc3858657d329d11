# cmake -DINPUT=... -DOUTPUT=... -DHEADER=... -DFUNCTION=... -P embed_text.cmake: a text file as a C++ function that
# returns it; the function is declared in HEADER. A raw string needs no escaping.
cmake_minimum_required(VERSION 3.25)
file(READ ${INPUT} text)
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace gpubench {

const char* ${FUNCTION}() {
  return R\"text(${text})text\";
}

}  // namespace gpubench
")
