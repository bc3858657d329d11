#include "harness/devices/cuda/tensor_map.hpp"

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/check.hpp"

namespace gpubench::cuda {
namespace {

// The runtime has a call that names the version from 12.5 on; the older one asks for that of its headers, and the
// function is the same in all of CUDA 12 and 13. Which one there is shows when this is instantiated.
template <class Found>
void ask_driver(const char* name, void** function, Found* found) {
  constexpr unsigned since_cuda_12_0 = 12000;
  constexpr unsigned long long flags = cudaEnableDefault;
  if constexpr (requires { cudaGetDriverEntryPointByVersion(name, function, since_cuda_12_0, flags, found); })
    check(cudaGetDriverEntryPointByVersion(name, function, since_cuda_12_0, flags, found), name);
  else
    check(cudaGetDriverEntryPoint(name, function, flags, found), name);
}

// From the driver that is loaded, because the plug-in is not linked with it.
auto encode_function() {
  void* function = nullptr;
  cudaDriverEntryPointQueryResult found{};
  ask_driver("cuTensorMapEncodeTiled", &function, &found);
  if (function == nullptr)
    throw Error("the driver has no cuTensorMapEncodeTiled: it needs CUDA 12.0 (driver 525) or newer");
  return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(function);
}

CUtensorMapSwizzle driver_swizzle(Swizzle swizzle) {
  switch (swizzle) {
    case Swizzle::none: return CU_TENSOR_MAP_SWIZZLE_NONE;
    case Swizzle::bytes32: return CU_TENSOR_MAP_SWIZZLE_32B;
    case Swizzle::bytes64: return CU_TENSOR_MAP_SWIZZLE_64B;
    case Swizzle::bytes128: return CU_TENSOR_MAP_SWIZZLE_128B;
  }
  return CU_TENSOR_MAP_SWIZZLE_NONE;
}

}  // namespace

CUtensorMap tensor_map(const TensorTiles& tiles) {
  if (const std::string reason = why_invalid(tiles); !reason.empty()) throw Error(reason);
  static const auto encode = encode_function();
  constexpr std::uint32_t element_strides[5] = {1, 1, 1, 1, 1};
  CUtensorMap map;
  const CUresult result = encode(&map,
                                 tiles.type,
                                 tiles.rank,
                                 const_cast<void*>(tiles.base),
                                 tiles.sizes.data(),
                                 tiles.strides.data(),
                                 tiles.tile.data(),
                                 element_strides,
                                 CU_TENSOR_MAP_INTERLEAVE_NONE,
                                 driver_swizzle(tiles.swizzle),
                                 CU_TENSOR_MAP_L2_PROMOTION_L2_256B,
                                 CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
  if (result != CUDA_SUCCESS) throw Error(fmt::format("cuTensorMapEncodeTiled answers {}", static_cast<int>(result)));
  return map;
}

}  // namespace gpubench::cuda
