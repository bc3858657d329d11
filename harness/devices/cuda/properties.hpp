#pragma once

#include <array>
#include <string>
#include <vector>

namespace gpubench::cuda {

/// One device as the CUDA runtime sees it: a GPU, or a slice of one. A figure of 0 is not told.
struct Properties {
  int ordinal = 0;  ///< the runtime's, which CUDA_VISIBLE_DEVICES changes
  std::string name{};
  std::string uuid{};  ///< `GPU-…`, or `MIG-…` for a slice that was chosen by it
  std::string pci{};   ///< as NVML writes it: `00000000:1B:00.0`
  int capability = 0;  ///< 90 is 9.0
  int multiprocessors = 0;
  double memory_bytes = 0, l2_bytes = 0;
  double sm_hertz = 0;      ///< the highest that is allowed
  double memory_hertz = 0;  ///< data move twice a cycle
  int memory_bus_bits = 0;
};

/// Of `devices` devices, those that answer. Makes no context. @param visible the value of CUDA_VISIBLE_DEVICES, null
/// when it is not set
std::vector<Properties> properties(int devices, const char* visible);

/// `GPU-01234567-89ab-cdef-0123-456789abcdef`
std::string text_of_uuid(const std::array<unsigned char, 16>& bytes);

/// The UUID of the one slice that CUDA_VISIBLE_DEVICES chooses: the runtime tells that of the whole GPU. Empty where
/// something else is chosen.
std::string chosen_slice(const char* visible);

}  // namespace gpubench::cuda
