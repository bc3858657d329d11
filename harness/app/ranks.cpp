#include "harness/app/ranks.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace gpubench {
namespace {

struct Launcher {
  const char* name;
  const char* size;
  const char* witness;  ///< set only in a process that is a rank: batch scripts carry the size too
};
constexpr Launcher launchers[] = {{"mpirun (Open MPI)", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
                                  {"mpirun (MPICH, Intel MPI)", "PMI_SIZE", "PMI_RANK"},
                                  {"mpirun (MVAPICH)", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
                                  {"srun", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID"},
                                  {"torchrun", "WORLD_SIZE", "LOCAL_RANK"}};

}  // namespace

std::optional<std::string> problem_of_ranks() {
  for (const Launcher& launcher : launchers) {
    const char* size = std::getenv(launcher.size);
    if (!size || !std::getenv(launcher.witness) || std::atoi(size) <= 1) continue;
    return fmt::format(
        "started by {} as one of {} ranks: ranks are not part of this version, start one process", launcher.name, size);
  }
  return std::nullopt;
}

}  // namespace gpubench
