#include "harness/devices/cuda/properties.hpp"

#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/check.hpp"

namespace gpubench::cuda {
namespace {

int attribute(cudaDeviceAttr which, int ordinal) {
  int value = 0;
  check(cudaDeviceGetAttribute(&value, which, ordinal), "cudaDeviceGetAttribute");
  return value;
}

/// `0000:1b:00.0` -> `00000000:1B:00.0`
std::string pci_of(int ordinal) {
  return fmt::format("{:08X}:{:02X}:{:02X}.0",
                     attribute(cudaDevAttrPciDomainId, ordinal),
                     attribute(cudaDevAttrPciBusId, ordinal),
                     attribute(cudaDevAttrPciDeviceId, ordinal));
}

Properties one(int ordinal, const std::string& slice) {
  constexpr double kilo = 1e3;  // clocks are told in kHz
  cudaDeviceProp prop{};
  check(cudaGetDeviceProperties(&prop, ordinal), "cudaGetDeviceProperties");
  std::array<unsigned char, 16> uuid{};
  static_assert(sizeof(prop.uuid) == uuid.size());
  std::memcpy(uuid.data(), &prop.uuid, uuid.size());
  return {.ordinal = ordinal,
          .name = prop.name,
          .uuid = slice.empty() ? text_of_uuid(uuid) : slice,
          .pci = pci_of(ordinal),
          .capability = prop.major * 10 + prop.minor,
          .multiprocessors = prop.multiProcessorCount,
          .memory_bytes = static_cast<double>(prop.totalGlobalMem),
          .l2_bytes = static_cast<double>(prop.l2CacheSize),
          .sm_hertz = kilo * attribute(cudaDevAttrClockRate, ordinal),
          .memory_hertz = kilo * attribute(cudaDevAttrMemoryClockRate, ordinal),
          .memory_bus_bits = attribute(cudaDevAttrGlobalMemoryBusWidth, ordinal)};
}

}  // namespace

std::vector<Properties> properties(int devices, const char* visible) {
  const std::string slice = chosen_slice(visible);
  std::vector<Properties> all;
  for (int ordinal = 0; ordinal < devices; ++ordinal) try {
      all.push_back(one(ordinal, slice));
    } catch (const Error&) {  // it fell off the bus: the others are none the worse, and doctor names it
    }
  return all;
}

std::string text_of_uuid(const std::array<unsigned char, 16>& bytes) {
  std::string text = "GPU";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 0 || i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", bytes[i]);
  }
  return text;
}

std::string chosen_slice(const char* visible) {
  const std::string_view text = visible ? visible : "";
  return text.starts_with("MIG-") ? std::string(text.substr(0, text.find(','))) : "";
}

}  // namespace gpubench::cuda
