#include "harness/app/ranks.hpp"

#include <cstdlib>
#include <map>
#include <string>

#include <gmock/gmock.h>

namespace gpubench {
namespace {

using ::testing::HasSubstr;

/// The sentence in an environment with these variables.
std::string sentence(const std::map<std::string, std::string>& variables) {
  for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  std::string problem = problem_of_ranks().value_or("");
  for (const auto& [name, value] : variables) unsetenv(name.c_str());
  return problem;
}

TEST(Ranks, OneOfSeveralIsRefusedWhoeverStartedIt) {
  EXPECT_THAT(sentence({{"OMPI_COMM_WORLD_SIZE", "2"}, {"OMPI_COMM_WORLD_RANK", "1"}}), HasSubstr("Open MPI"));
  EXPECT_THAT(sentence({{"PMI_SIZE", "8"}, {"PMI_RANK", "0"}}), HasSubstr("one of 8 ranks"));
  EXPECT_THAT(sentence({{"SLURM_STEP_NUM_TASKS", "4"}, {"SLURM_PROCID", "0"}}), HasSubstr("srun"));
  EXPECT_THAT(sentence({{"WORLD_SIZE", "8"}, {"LOCAL_RANK", "0"}}), HasSubstr("torchrun"));
}

TEST(Ranks, AloneIsFineAndSoIsABatchScriptThatMayStartSeveral) {
  EXPECT_EQ(sentence({}), "");
  EXPECT_EQ(sentence({{"OMPI_COMM_WORLD_SIZE", "1"}, {"OMPI_COMM_WORLD_RANK", "0"}}), "");
  EXPECT_EQ(sentence({{"SLURM_NTASKS", "8"}, {"SLURM_PROCID", "0"}}), "");
  EXPECT_EQ(sentence({{"WORLD_SIZE", "8"}}), "");
}

}  // namespace
}  // namespace gpubench
