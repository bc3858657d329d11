#include <gmock/gmock.h>

#include "reports/doctor.hpp"
#include "reports/gpu_checks.hpp"
#include "tests/reports/example_gpus.hpp"
#include "tests/reports/files.hpp"

// What a person reads of machines with GPUs, as a whole.

namespace gpubench {
namespace {

std::string told(const GpuNode& node, const GpuSurroundings& surroundings) {
  Checks checks = gpu_software_checks(node, surroundings);
  for (Check& check : gpu_checks(node, surroundings)) checks.push_back(std::move(check));
  return doctor_text(checks);
}

TEST(GpuDoctor, EightGpusThatAreWell) {
  expect_golden(told(example::dgx_h100(), example::two_sockets()), "doctor_dgx_h100.txt");
}

TEST(GpuDoctor, EightGpusInTrouble) {
  GpuSurroundings container = example::two_sockets();
  container.container = "docker";
  container.shared_memory = {.bytes = 64 << 20, .locked = 8 << 20};
  expect_golden(told(example::dgx_h100_in_trouble(), container), "doctor_dgx_h100_trouble.txt");
}

TEST(GpuDoctor, OneGpuOfAVirtualMachine) {
  expect_golden(told(example::virtual_h200(), {.shared_memory = {.bytes = 8e9}}), "doctor_one_h200.txt");
}

TEST(GpuDoctor, NoDriver) { expect_golden(told(example::no_driver(), {}), "doctor_no_driver.txt"); }

}  // namespace
}  // namespace gpubench
