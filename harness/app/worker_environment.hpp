#pragma once

#include <optional>
#include <string>
#include <vector>

namespace gpubench {

/// Google Benchmark reads BENCHMARK_* on its own, before main(): a leftover would filter or repeat our cases. Called by
/// the conductor, so that no worker starts with one.
void forget_benchmark_variables();

/// What is wrong with OMP_NUM_THREADS, in a sentence; none when nothing is.
std::optional<std::string> problem_of_thread_count();

/// How OpenMP shall run in this process; what the user has set stays. Works only before a plug-in brings the OpenMP
/// runtime, which reads its environment once.
void prepare_openmp(int usable_cpus);

/// How the CUDA runtime of the workers shall number devices: by PCI address, as nvidia-smi does; what the user has set
/// stays. Of `--device MIG-…` it shall show that slice alone: there is no other way to it. Called by the conductor.
void prepare_cuda(const std::string& device);

/// Leftovers that make a CPU's numbers not its own: `ONEDNN_MAX_CPU_ISA=AVX2`.
std::vector<std::string> limits_on_the_cpu();

}  // namespace gpubench
