#include "kernels/training/cuda/embedding.hpp"

#include <cmath>
#include <limits>

#include "harness/core/error.hpp"
#include "harness/core/random.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {
namespace {

using training::elements;
using training::EmbeddingBackward;
using training::EmbeddingForward;
using training::EmbeddingShape;
using training::oracle::normal;

/// Tokens of which most are among a few, so that they repeat.
Values some_tokens(const EmbeddingShape& s) {
  const Random random(3, 0);
  Values tokens;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(s.rows()); ++i)
    tokens.push_back(std::floor(std::pow(random.uniform(i), 3) * static_cast<double>(s.vocabulary)));
  return tokens;
}

// One row; rows and columns that end within a vector and within a warp's step; GPT-2's width; more columns than a block
// has; several sequences, and positions that none of them reaches.
const std::vector<EmbeddingShape> shapes = {
    {.batch = 1, .sequence = 1, .vocabulary = 5, .positions = 1, .width = 1},
    {.batch = 3, .sequence = 7, .vocabulary = 11, .positions = 9, .width = 77},
    {.batch = 2, .sequence = 5, .vocabulary = 13, .positions = 5, .width = 768},
    {.batch = 2, .sequence = 2, .vocabulary = 3, .positions = 2, .width = 1030},
    {.batch = 5, .sequence = 6, .vocabulary = 7, .positions = 7, .width = 8},
};

template <class Test>
void for_each_shape(const Test& test) {
  for (const EmbeddingShape& s : shapes) {
    SCOPED_TRACE("width " + std::to_string(s.width));
    test(s);
  }
}

/// As it is, or `offset` elements into its memory.
template <class T>
Array<T> placed(const Device& device, const std::string& name, std::size_t offset, const Values& values) {
  Values all(offset, 0.0);
  all.insert(all.end(), values.begin(), values.end());
  return device.changed(name, stored_as<T>(all));
}

template <class T>
void expect_right_forward(const Device& device, const EmbeddingShape& s, std::size_t offset = 0) {
  const Values tokens = some_tokens(s);
  const Values table = rounded_to<float>(normal(s.table(), 1));
  const Values positions = rounded_to<float>(normal(s.position_table(), 2));
  const EmbeddingForward operation = {.shape = s, .type = type_of<T>()};
  const auto from_tokens = placed<std::int32_t>(device, "tokens", offset, tokens);
  const auto from_table = placed<float>(device, "table", offset, table);
  const auto from_positions = placed<float>(device, "positions", offset, positions);
  const auto y = device.output<T>("y", static_cast<std::size_t>(elements(s.y())));
  cuda::embedding_forward(
      device.stream(), operation, from_tokens + offset, from_table + offset, from_positions + offset, y);
  expect_agreement(*training::oracle::oracle_of(operation, {tokens, table, positions}), 0, numbers(y.read()));
}

struct Gradients {
  std::vector<float> table, positions;
};
template <class T>
Gradients backward(
    const Device& device, const EmbeddingShape& s, const Values& tokens, const Values& dy, std::size_t offset = 0) {
  const auto from_tokens = placed<std::int32_t>(device, "tokens", offset, tokens);
  const auto from_dy = placed<T>(device, "dy", offset, dy);
  const auto table = device.changed("dtable", stored_as<float>(normal(s.table(), 4)));
  const auto positions = device.output<float>("dpositions", static_cast<std::size_t>(elements(s.position_table())));
  const EmbeddingBackward operation = {.shape = s, .type = type_of<T>()};
  cuda::embedding_backward(device.stream(), operation, from_tokens + offset, from_dy + offset, table, positions);
  return {table.read(), positions.read()};
}

template <class T>
void expect_right_backward(const Device& device, const EmbeddingShape& s, std::size_t offset = 0) {
  const Values tokens = some_tokens(s), dy = rounded_to<T>(normal(s.y(), 3));
  const Gradients got = backward<T>(device, s, tokens, dy, offset);
  const auto oracle = training::oracle::oracle_of(EmbeddingBackward{.shape = s, .type = type_of<T>()},
                                                  {tokens, dy, rounded_to<float>(normal(s.table(), 4))});
  expect_agreement(*oracle, 0, numbers(got.table));
  expect_agreement(*oracle, 1, numbers(got.positions));
}

DEVICE_TEST(Embedding, ForwardAgreesWithTheOracle) {
  for_each_type([]<class T>(T* /*type*/) {
    for_each_shape([](const EmbeddingShape& s) {
      on_every_schedule([&](const Device& device) { expect_right_forward<T>(device, s); });
    });
  });
}

DEVICE_TEST(Embedding, BackwardAgreesWithTheOracle) {
  for_each_type([]<class T>(T* /*type*/) {
    for_each_shape([](const EmbeddingShape& s) {
      on_every_schedule([&](const Device& device) { expect_right_backward<T>(device, s); });
    });
  });
}

DEVICE_TEST(Embedding, ReadsArraysThatBeginBetweenVectors) {
  const EmbeddingShape s = {.batch = 2, .sequence = 3, .vocabulary = 4, .positions = 3, .width = 132};
  for_each_type([&]<class T>(T* /*type*/) {
    on_every_schedule([&](const Device& device) {
      expect_right_forward<T>(device, s, 1);
      expect_right_backward<T>(device, s, 1);
    });
  });
}

// FP32 sums depend on their order: the rows', one after the other, in every schedule. The rows are more than a block
// compares with its token at a time; most have none, so that the emulator has less to do.
DEVICE_TEST(Embedding, TableGradientsAreSummedInTheOrderOfTheRows) {
  const EmbeddingShape s = {.batch = 8, .sequence = 130, .vocabulary = 2, .positions = 130, .width = 5};
  Values tokens = some_tokens(s);
  for (std::size_t row = 0; row < tokens.size(); ++row)
    if (row % 32 != 7) tokens[row] = -1;
  const Values dy = rounded_to<float>(normal(s.y(), 3));
  std::vector<float> table = stored_as<float>(normal(s.table(), 4));
  std::vector<float> positions(static_cast<std::size_t>(elements(s.position_table())));
  for (std::size_t i = 0; i < dy.size(); ++i) {
    const std::size_t row = i / 5, column = i % 5;
    if (tokens[row] >= 0) table[static_cast<std::size_t>(tokens[row]) * 5 + column] += static_cast<float>(dy[i]);
    positions[row % 130 * 5 + column] += static_cast<float>(dy[i]);
  }
  on_every_schedule([&](const Device& device) {
    const Gradients got = backward<float>(device, s, tokens, dy);
    EXPECT_EQ(bits(got.table), bits(table));
    EXPECT_EQ(bits(got.positions), bits(positions));
  });
}

DEVICE_TEST(Embedding, TokensOutsideOfTheVocabularyTouchNothingAndAreSeen) {
  const EmbeddingShape s = {.batch = 1, .sequence = 4, .vocabulary = 3, .positions = 4, .width = 6};
  const Values tokens = {3, 2, -1, 2147483647}, dy = rounded_to<float>(normal(s.y(), 3));
  on_every_schedule([&](const Device& device) {
    const auto from_tokens = device.input("tokens", stored_as<std::int32_t>(tokens));
    const auto table = device.input("table", std::vector<float>(18, 1));
    const auto positions = device.input("positions", std::vector<float>(24, 2));
    const auto y = device.output<__half>("y", 24);
    cuda::embedding_forward(
        device.stream(), {.shape = s, .type = training::Type::f16}, from_tokens, table, positions, y);
    const Values got = numbers(y.read());
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_TRUE(i / 6 == 1 ? got[i] == 3 : std::isnan(got[i])) << "element " << i << ": " << got[i];

    const Gradients gradients = backward<float>(device, s, tokens, dy);
    std::vector<float> expected = stored_as<float>(normal(s.table(), 4));
    for (std::size_t i = 0; i < 6; ++i) expected[12 + i] += static_cast<float>(dy[6 + i]);
    EXPECT_EQ(gradients.table, expected);
    EXPECT_EQ(numbers(gradients.positions), dy);
  });
}

DEVICE_TEST(Embedding, RefusesShapesAndArraysThatItCannotRead) {
  const Device device;
  const auto array = device.output<float>("array", 64);
  const auto tokens = device.input("tokens", std::vector<std::int32_t>(4));
  const EmbeddingShape good = {.batch = 1, .sequence = 2, .vocabulary = 2, .positions = 2, .width = 4};
  const auto forward = [&](EmbeddingShape shape, training::Type type, const float* table) {
    cuda::embedding_forward(device.stream(), {.shape = shape, .type = type}, tokens, table, array, array + 32);
  };
  EmbeddingShape bad = good;
  bad.sequence = 3;
  EXPECT_THROW(forward(bad, training::Type::f32, array), Error);
  bad = good, bad.width = -1;
  EXPECT_THROW(forward(bad, training::Type::f32, array), Error);
  bad = good, bad.batch = std::int64_t{1} << 31;
  EXPECT_THROW(forward(bad, training::Type::f32, array), Error);
  EXPECT_THROW(forward(good, training::Type::i32, array), Error);
  const auto* const between = reinterpret_cast<const float*>(reinterpret_cast<const char*>(array.data()) + 2);
  EXPECT_THROW(forward(good, training::Type::f32, between), Error);
}

}  // namespace
}  // namespace gpubench::device_tests
