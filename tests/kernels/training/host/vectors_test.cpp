#include <gtest/gtest.h>

#include "harness/core/error.hpp"
#include "kernels/training/host/loops.hpp"
#include "kernels/training/onednn/layers.hpp"
#include "tests/kernels/training/onednn/layer_run.hpp"

// A processor runs only the loops for its widest vectors; here every set that it could run is held to the oracle.

namespace gpubench::training {
namespace {

using host::Vectors;

void run(Vectors set, const Operation& operation, const host::Addresses& at) {
  std::visit(
      [&](const auto& one) {
        if constexpr (requires { host::baseline::run(one, at); }) {
#ifdef GPUBENCH_X86_64
          if (set == Vectors::avx512) return host::avx512::run(one, at);
          if (set == Vectors::avx2) return host::avx2::run(one, at);
#endif
          host::baseline::run(one, at);
        } else {
          throw Error("no loop for " + text(operation));
        }
      },
      operation);
}

/// The host's layers with the loops of one set.
class LayersOf : public OneDnnLayers {
 public:
  explicit LayersOf(Vectors set) : set_(set) {}

  std::unique_ptr<Planned> plan(const Operation& operation, std::span<const TensorDesc> given) override {
    if (std::holds_alternative<Reorder>(operation)) return OneDnnLayers::plan(operation, given);
    return std::make_unique<Loop>(set_, operation, OneDnnLayers::plan(operation, given));
  }

 private:
  class Loop : public Planned {
   public:
    Loop(Vectors set, Operation operation, std::unique_ptr<Planned> like)
        : set_(set), operation_(std::move(operation)) {
      inputs = like->inputs;
      outputs = like->outputs;
    }
    std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void*) const override {
      return [set = set_,
              operation = operation_,
              ins = std::vector<void*>(from.begin(), from.end()),
              outs = std::vector<void*>(to.begin(), to.end())] {
        run(set, operation, {.inputs = ins.data(), .outputs = outs.data()});
      };
    }

   private:
    Vectors set_;
    Operation operation_;
  };

  Vectors set_;
};

std::vector<Operation> loops() {
  std::vector<Operation> all = {SgdMomentum{.count = 101}, AdamW{.count = 101}, CheckFinite{.count = 101}};
  const EmbeddingShape tokens{.batch = 2, .sequence = 9, .vocabulary = 11, .positions = 16, .width = 75};
  for (const Type type : {Type::f32, Type::bf16, Type::f16}) {
    all.emplace_back(LayerNormForward{6, 75, type});
    all.emplace_back(GeluForward{{3, 41}, type});
    all.emplace_back(GeluBackward{{3, 41}, type});
    all.emplace_back(EmbeddingForward{tokens, type});
    all.emplace_back(EmbeddingBackward{tokens, type});
    all.emplace_back(SoftmaxCrossEntropy{.rows = 6, .classes = 77, .type = type});
  }
  return all;
}

class EverySet : public testing::TestWithParam<Vectors> {
 protected:
  void SetUp() override {
    if (GetParam() > host::vectors()) GTEST_SKIP() << "this processor does not have them";
  }
};

TEST_P(EverySet, AgreesWithTheOracle) {
  LayersOf layers(GetParam());
  for (const Operation& operation : loops()) {
    const std::vector<LayerValue> inputs = random_inputs(operation, 11);
    EXPECT_EQ(difference(operation, inputs, run_layer(layers, operation, inputs)), std::nullopt);
  }
}

TEST_P(EverySet, ReadsAndWritesEveryHalfPrecisionNumber) {
  LayersOf layers(GetParam());
  // y = x + 0 through an embedding of one token: what is stored is what was rounded.
  const EmbeddingShape shape{.batch = 1, .sequence = 1, .vocabulary = 1, .positions = 1, .width = 12};
  const std::vector<float> numbers = {
      0, 1, -1.5F, 65504, 65519.9F, 65520, -1e9F, 0x1p-24F, 0x1.8p-25F, 0x1p-25F, 0x1.ffep-15F, 1 + 0x1p-11F};
  const Operation operation = EmbeddingForward{shape, Type::f16};
  std::vector<LayerValue> inputs = random_inputs(operation, 1);
  inputs[0].numbers = {0};
  inputs[1].numbers = numbers;
  inputs[2].numbers = std::vector<float>(12, 0);
  EXPECT_EQ(difference(operation, inputs, run_layer(layers, operation, inputs)), std::nullopt);
}

TEST_P(EverySet, DrawsTheSameWeightsAsTheLibraryOfC) {
  std::vector<float> got(4099);
  const Random random(3, 1002);
  const auto count = static_cast<std::int64_t>(got.size());
#ifdef GPUBENCH_X86_64
  if (GetParam() == Vectors::avx512) host::avx512::normal(count, random, 0.5, 0.02, got.data());
  if (GetParam() == Vectors::avx2) host::avx2::normal(count, random, 0.5, 0.02, got.data());
#endif
  if (GetParam() == Vectors::baseline) host::baseline::normal(count, random, 0.5, 0.02, got.data());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_EQ(got[i], static_cast<float>(0.5 + 0.02 * random.normal(i))) << i;
}

INSTANTIATE_TEST_SUITE_P(
    Host, EverySet, testing::Values(Vectors::baseline, Vectors::avx2, Vectors::avx512), [](const auto& info) {
      return info.param == Vectors::baseline ? "baseline" : info.param == Vectors::avx2 ? "avx2" : "avx512";
    });

}  // namespace
}  // namespace gpubench::training
