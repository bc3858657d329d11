#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <mutex>
#include <type_traits>
#include <utility>

#include "harness/devices/cuda/ptx/language.cuh"
#include "harness/devices/cuda/stream.hpp"

#ifdef __CUDACC__
#include "harness/devices/cuda/check.hpp"
#else
#include "harness/devices/cuda/emulator/launch.hpp"
#endif

namespace gpubench::cuda {

/// How many threads, and what each block gets.
struct Geometry {
  dim3 grid{1, 1, 1}, block{1, 1, 1};
  std::size_t shared_bytes = 0;
  unsigned cluster = 1;      ///< blocks of a cluster along x, at most 8; above 1 from compute capability 9.0
  bool cooperative = false;  ///< all blocks have to be resident at once; @throws where they do not fit
};

#ifdef __CUDACC__
/// A kernel may use more than 48 KiB only where that has been said, on each device.
template <class... Parameters>
void allow_shared_bytes(void (*kernel)(Parameters...), std::size_t bytes) {
  constexpr std::size_t without_asking = 48 << 10;
  if (bytes <= without_asking) return;
  static std::mutex mutex;
  static std::map<std::pair<void (*)(Parameters...), int>, std::size_t>
      allowed;  // only ever more: others launch it too
  int device = 0;
  check(cudaGetDevice(&device), "cudaGetDevice");
  const std::scoped_lock lock(mutex);
  std::size_t& so_far = allowed[{kernel, device}];
  if (bytes <= so_far) return;
  check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(bytes)),
        "cudaFuncSetAttribute");
  so_far = bytes;
}

/// The arguments as the kernel wants them. No generic lambda: nvcc 12.4 mixes up two packs in one.
template <class... Parameters>
void enqueue(const cudaLaunchConfig_t& config,
             void (*kernel)(Parameters...),
             std::type_identity_t<Parameters>... arguments) {
  check(cudaLaunchKernelEx(&config, kernel, arguments...), "cudaLaunchKernelEx");
}
#endif

/// `launch<scale<float>>(stream, geometry, arguments...)`: enqueues a kernel; emulated, it has run when this returns.
/// The first launch of a kernel loads it: before a capture begins there has been one.
/// @throws Error for a launch that is refused; emulated, Fault for what the kernel does wrong
template <auto kernel, class... Arguments>
void launch(Stream stream, const Geometry& geometry, const Arguments&... arguments) {
#ifdef __CUDACC__
  allow_shared_bytes(kernel, geometry.shared_bytes);
  cudaLaunchAttribute attributes[2];
  cudaLaunchConfig_t config{};
  config.gridDim = geometry.grid;
  config.blockDim = geometry.block;
  config.dynamicSmemBytes = geometry.shared_bytes;
  config.stream = stream;
  config.attrs = attributes;
  if (geometry.cluster > 1) {
    cudaLaunchAttribute& attribute = attributes[config.numAttrs++];
    attribute.id = cudaLaunchAttributeClusterDimension;
    attribute.val.clusterDim = {geometry.cluster, 1, 1};
  }
  if (geometry.cooperative) {
    cudaLaunchAttribute& attribute = attributes[config.numAttrs++];
    attribute.id = cudaLaunchAttributeCooperative;
    attribute.val.cooperative = 1;
  }
  enqueue(config, kernel, arguments...);
#else
  emulator::launch(stream,
                   emulator::kernel_name(__PRETTY_FUNCTION__),
                   {.grid = geometry.grid,
                    .block = geometry.block,
                    .shared_bytes = geometry.shared_bytes,
                    .cluster = geometry.cluster,
                    .cooperative = geometry.cooperative},
                   kernel,
                   arguments...);
#endif
}

/// How many clusters of a kernel run at the same time, which is less than what its multiprocessors could hold where a
/// group of them is no multiple of a cluster. Emulated: what they could hold. @param geometry all but the grid
template <auto kernel>
int most_clusters(const Geometry& geometry, int multiprocessors) {
  const int could = std::max(1, multiprocessors / static_cast<int>(geometry.cluster));
#ifdef __CUDACC__
  static std::mutex mutex;
  static std::map<int, int> known;  // by device
  int device = 0, clusters = 0;
  check(cudaGetDevice(&device), "cudaGetDevice");
  const std::scoped_lock lock(mutex);
  if (const auto found = known.find(device); found != known.end()) return std::min(could, found->second);
  allow_shared_bytes(kernel, geometry.shared_bytes);
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributeClusterDimension;
  attribute.val.clusterDim = {geometry.cluster, 1, 1};
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(geometry.cluster);
  config.blockDim = geometry.block;
  config.dynamicSmemBytes = geometry.shared_bytes;
  config.attrs = &attribute;
  config.numAttrs = 1;
  check(cudaOccupancyMaxActiveClusters(&clusters, kernel, &config), "cudaOccupancyMaxActiveClusters");
  known[device] = std::max(1, clusters);
  return std::min(could, known[device]);
#else
  return could;
#endif
}

/// The compute capability that the code of a kernel is for on the current device: 90 is 9.0. A newer GPU may run that,
/// or the PTX, of an older one; 0 where it has none at all. The emulator has everything that is emulated.
template <auto kernel>
int compiled_for() {
#ifdef __CUDACC__
  cudaFuncAttributes attributes{};
  const cudaError_t status = cudaFuncGetAttributes(&attributes, kernel);
  if (status == cudaErrorNoKernelImageForDevice || status == cudaErrorInvalidDeviceFunction) {
    cudaGetLastError();  // it has been told
    return 0;
  }
  check(status, "cudaFuncGetAttributes");
  return attributes.ptxVersion;
#else
  return 90;
#endif
}

}  // namespace gpubench::cuda
