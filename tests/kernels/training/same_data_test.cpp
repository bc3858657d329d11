#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "harness/core/random.hpp"
#include "kernels/training/engine.hpp"
#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"
#include "kernels/training/teacher.hpp"
#include "suites/models/resnet50.hpp"

namespace gpubench::training {
namespace {

/// The numbers that peers in other languages must make as well (tests/scripts/same_data_test.py): a change here is one
/// of scripts/peers/same_data.py too.
struct Batch {
  std::vector<float> images = std::vector<float>(std::size_t{2} * 3 * 224 * 224), labels = std::vector<float>(2);
};
const Batch& batch(std::uint64_t seed, std::int64_t index) {
  static std::map<std::pair<std::uint64_t, std::int64_t>, Batch> made;
  const auto [found, is_new] = made.try_emplace({seed, index});
  if (is_new) {
    Network network = resnet50(Mode::fp32, 2);
    network.seed = seed;
    make_teacher(network)(index, found->second.images, found->second.labels);
  }
  return found->second;
}

/// Of the small network: its plan's deviation of a parameter, and one of the values it starts with.
std::pair<double, float> parameter(std::uint64_t seed, std::size_t number, std::size_t index) {
  oracle::OracleLayers layers(oracle::Rounding::none, true);
  Engine engine(small_network(Mode::fp32, 2, seed), layers);
  engine.allocate();
  const Parameter& one = engine.plan().parameters.at(number);
  return {one.deviation, engine.read(one.weights).at(index)};
}

void check(const std::string& line, std::map<std::string, int>& seen) {
  std::istringstream words(line);
  std::string kind;
  std::uint64_t seed = 0, number = 0, index = 0;
  words >> kind >> seed >> number >> index;
  ++seen[kind];
  double expected = 0;
  if (kind == "parameter") {
    double deviation = 0;
    words >> deviation >> expected;
    const auto [planned, value] = parameter(seed, number, index);
    EXPECT_DOUBLE_EQ(planned, deviation) << line;
    EXPECT_EQ(value, static_cast<float>(expected)) << line;
  } else if (words >> expected; kind == "normal") {
    EXPECT_DOUBLE_EQ(Random(seed, number).normal(index), expected) << line;
  } else if (kind == "pixel") {
    EXPECT_EQ(batch(seed, static_cast<std::int64_t>(number)).images.at(index), static_cast<float>(expected)) << line;
  } else if (kind == "label") {
    EXPECT_EQ(batch(seed, static_cast<std::int64_t>(number)).labels.at(index), static_cast<float>(expected)) << line;
  } else {
    ADD_FAILURE() << "no such kind: " << line;
  }
  EXPECT_FALSE(words.fail()) << line;
}

TEST(SameData, EveryGoldenNumberIsMadeHereToo) {
  std::ifstream file(GPUBENCH_TEST_DATA "/same_data.txt");
  std::map<std::string, int> seen;
  for (std::string line; std::getline(file, line);)
    if (!line.empty() && line[0] != '#') check(line, seen);
  for (const char* kind : {"normal", "parameter", "pixel", "label"}) EXPECT_GE(seen[kind], 4) << kind;
}

}  // namespace
}  // namespace gpubench::training
