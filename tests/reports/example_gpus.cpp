#include "tests/reports/example_gpus.hpp"

#include <string>

#include <fmt/format.h>

namespace gpubench::example {
namespace {

GpuNode node_with_libraries() {
  return {.driver = "580.65.06",
          .driver_cuda = 13000,
          .plugin_cuda = 13000,
          .plugin = "cuda13",
          .libraries = {
              {.name = "cuBLASLt", .version = "13.1.0.3", .path = "/usr/local/cuda/lib64/libcublasLt.so.13"},
              {.name = "cuDNN", .version = "9.19.0, CUDA 13.0", .path = "/usr/lib/x86_64-linux-gnu/libcudnn.so.9"},
              {.name = "NCCL", .version = "2.28.9", .path = "/usr/lib/x86_64-linux-gnu/libnccl.so.2"},
              {.name = "NVML", .version = "580.65.06", .path = "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"},
              {.name = "CUPTI", .version = "13.0", .path = "/usr/local/cuda/lib64/libcupti.so.13"}}};
}

Gpu h100(int index) {
  Gpu gpu{
      .index = index,
      .name = "NVIDIA H100 80GB HBM3",
      .uuid = fmt::format("GPU-0000000{}", index),
      .pci = fmt::format("00000000:{:02X}:00.0", 16 * index + 11),
      .vbios = "96.00.74.00.0D",
      .compute_capability = "9.0",
      .memory_bytes = 85.5e9,
      .memory_used_bytes = 0.6e9,
      .numa_node = index / 4,
      .sm_clock_now = 345e6,
      .sm_clock_limit = 1980e6,
      .memory_clock_now = 2619e6,
      .memory_clock_limit = 2619e6,
      .memory_bus_bits = 5120,
      .power_watts = 71,
      .power_limit_watts = 700,
      .default_power_limit_watts = 700,
      .celsius = 29 + index,
      .persistence = true,
      .ecc = true,
      .ecc_pending = true,
      .ecc_corrected = 0,
      .ecc_uncorrected = 0,
      .rows_remapped_corrected = 0,
      .rows_remapped_uncorrected = 0,
      .row_remap_pending = false,
      .row_remap_failed = false,
      .mig = false,
      .mig_pending = false,
      .pcie = {.generation = 5, .width = 16, .max_generation = 5, .max_width = 16, .under_load = true, .replays = 0},
      .fabric = "completed",
      .processes = std::vector<GpuProcess>{}};
  for (int link = 0; link < 18; ++link)
    gpu.links.push_back({.index = link,
                         .active = true,
                         .bytes_per_second = 26562e6,
                         .remote = "switch",
                         .remote_pci = fmt::format("00000000:0{}:00.0", 5 + link % 4),
                         .errors = {{"replay", 0}, {"recovery", 0}, {"crc_flit", 0}}});
  return gpu;
}

}  // namespace

GpuNode dgx_h100() {
  GpuNode node = node_with_libraries();
  for (int i = 0; i < 8; ++i) node.gpus.push_back(h100(i));
  return node;
}

GpuNode dgx_h100_in_trouble() {
  GpuNode node = dgx_h100();
  node.libraries[0].path = "/opt/old/libcublasLt.so.12";
  node.libraries[0].version = "12.8.4";
  node.libraries[1].missing = "libcudnn.so.9 not found; pip install nvidia-cudnn-cu13, or set GPUBENCH_CUDNN";
  for (Gpu& gpu : node.gpus) gpu.persistence = false;
  node.gpus[1].links[2].errors["crc_flit"] = 1200;
  node.gpus[2].ecc_uncorrected = 2;
  node.gpus[2].row_remap_pending = true;
  node.gpus[2].rows_remapped_uncorrected = 1;
  node.gpus[3].links[7].active = false;
  node.gpus[4].pcie.generation = 4;
  node.gpus[4].pcie.width = 8;
  node.gpus[5].slowdown_reasons = {"hardware thermal slowdown"};
  node.gpus[5].celsius = 92;
  node.gpus[6] = {
      .index = 6,
      .name = "NVIDIA H100 80GB HBM3",
      .pci = "00000000:6B:00.0",
      .lost = "the GPU has fallen off the bus: look for Xid 79 in the kernel's log, then restart the machine"};
  node.gpus[7].power_limit_watts = 500;
  node.gpus[7].processes = {{.pid = 4711, .memory_bytes = 31.2e9}};
  node.gpus[0].power_limit_watts = 500;
  return node;
}

GpuNode virtual_h200() {
  GpuNode node = node_with_libraries();
  Gpu gpu = h100(0);
  gpu.name = "NVIDIA H200";
  gpu.memory_bytes = 150.7e9;
  gpu.memory_clock_limit = 3201e6;
  gpu.numa_node.reset();
  gpu.fabric.clear();
  gpu.pcie = {};
  gpu.rows_remapped_corrected.reset();
  gpu.rows_remapped_uncorrected.reset();
  for (GpuLink& link : gpu.links) link = {.index = link.index};
  node.gpus = {gpu};
  return node;
}

GpuNode no_driver() {
  return {.plugin_cuda = 13000,
          .plugin = "cuda13",
          .why_not = "no NVIDIA driver (libcuda.so.1 not found)",
          .nvml_missing = "libnvidia-ml.so.1 not found"};
}

GpuSurroundings two_sockets() {
  return {.numa_nodes = 2, .container = "", .shared_memory = {.bytes = 1e12, .locked = std::nullopt}};
}

GpuNode every_field() {
  GpuNode node = node_with_libraries();
  node.why_not = "why";
  node.nvml_missing = "no NVML";
  node.libraries[0].missing = "gone";
  Gpu gpu = h100(3);
  gpu.lost = "lost";
  gpu.numa_node = 1;
  gpu.sm_clock_application = 1400e6;
  gpu.memory_clock_application = 2000e6;
  gpu.slowdown_reasons = {"software power cap"};
  gpu.celsius = 40.5;
  gpu.persistence = false;
  gpu.ecc_pending = false;
  gpu.ecc_corrected = 5'000'000'000;
  gpu.ecc_uncorrected = 4;
  gpu.rows_remapped_corrected = 5;
  gpu.rows_remapped_uncorrected = 6;
  gpu.row_remap_pending = true;
  gpu.mig = true;
  gpu.mig_devices = {"MIG-a", "MIG-b"};
  gpu.pcie.replays = 7;
  gpu.links[2].errors["crc_flit"] = 8;
  gpu.processes = {{.pid = 4711, .memory_bytes = 1e9}};
  node.gpus = {gpu, Gpu{.index = 1}};  // and one that tells nothing
  return node;
}

}  // namespace gpubench::example
