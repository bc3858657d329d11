#include "harness/app/program.hpp"
#include "suites/suites.hpp"

int main(int argc, char** argv) {
  return gpubench::run_program({.suites = gpubench::all_suites(), .backends = {"cuda13", "cuda12", "cpu"}}, argc, argv);
}
