#include "kernels/training/cuda/parameter_table.hpp"

#include <functional>
#include <utility>

#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::cuda {
namespace {

using training::Type;

float array[4];

ParameterTensor of(std::int64_t count) {
  return {.weights = array, .gradients = array, .first = array, .second = array, .count = count};
}

DEVICE_TEST(ParameterTable, EveryElementIsInOneChunk) {
  const std::vector<ParameterTensor> tensors = {of(1), of(0), of(chunk_elements), of(2 * chunk_elements + 1)};
  std::vector<std::pair<int, int>> got;
  for (const Chunk& chunk : chunks_of(tensors)) got.emplace_back(chunk.tensor, chunk.index);
  EXPECT_EQ(got, (std::vector<std::pair<int, int>>{{0, 0}, {2, 0}, {3, 0}, {3, 1}, {3, 2}}));
}

DEVICE_TEST(ParameterTable, RefusesTensorsThatNoKernelCanRead) {
  const auto refused = [](const std::function<void(ParameterTensor&)>& change) {
    ParameterTensor tensor = of(4);
    change(tensor);
    EXPECT_THROW(chunks_of({&tensor, 1}), Error);
  };
  const auto between = [](std::uintptr_t bytes) {
    return reinterpret_cast<float*>(reinterpret_cast<std::uintptr_t>(array) + bytes);
  };
  refused([](ParameterTensor& tensor) { tensor.count = -1; });
  refused([](ParameterTensor& tensor) { tensor.count = std::int64_t{1} << 60; });
  refused([](ParameterTensor& tensor) { tensor.gradients = nullptr; });
  refused([](ParameterTensor& tensor) { tensor.gradient_type = Type::i32; });
  refused([](ParameterTensor& tensor) { tensor.copy = array, tensor.copy_type = Type::f32; });
  refused([&](ParameterTensor& tensor) { tensor.weights = between(2); });
  refused([&](ParameterTensor& tensor) { tensor.gradients = between(2); });
  refused([&](ParameterTensor& tensor) { tensor.gradients = between(1), tensor.gradient_type = Type::bf16; });
  refused([&](ParameterTensor& tensor) { tensor.copy = between(1); });
  ParameterTensor tensor = of(4);
  tensor.gradients = between(2), tensor.gradient_type = Type::bf16;
  EXPECT_EQ(chunks_of({&tensor, 1}).size(), 1U);
}

}  // namespace
}  // namespace gpubench::cuda
