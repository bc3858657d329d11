#include "kernels/conv/conv_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/random.hpp"
#include "kernels/operand_values.hpp"
#include "kernels/rotation.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench {
namespace {

using namespace training;

constexpr std::size_t samples_of_first_set = 256, samples_of_others = 2;
constexpr std::size_t samples_of_statistics = 2;    // of the first set, beside the two ends: one sums all of a channel
constexpr std::uint64_t sample_stream = 1'000'000;  // beyond those of the operands

std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }
std::size_t count_of(const TensorDesc& tensor) { return static_cast<std::size_t>(elements(tensor.shape)); }

/// Exactly numbers of the tensor's format.
std::vector<float> values_of(const TensorDesc& tensor, Distribution data, const Random& random) {
  const Precision format = tensor.type == Type::f32   ? Precision::fp32
                           : tensor.type == Type::f16 ? Precision::fp16
                                                      : Precision::bf16;
  const OperandNumbers numbers(format, data);
  const auto per_draw = static_cast<std::size_t>(numbers.per_draw());
  std::vector<float> values(count_of(tensor));
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = numbers.value(random.bits(i / per_draw), static_cast<int>(i % per_draw));
  return values;
}

class ConvKernel : public Kernel {
 public:
  ConvKernel(const Conv& conv, std::unique_ptr<Layers> layers, double cache_bytes, bool narrow_gradient)
      : conv_(conv),
        layers_(std::move(layers)),
        operation_(conv.operation(narrow_gradient)),
        planned_(layers_->plan(operation_, operands(operation_).inputs)),
        copies_(planned_copies()),
        rotation_(Rotation::sets_past(cache_bytes, static_cast<double>(set_bytes()))) {}

  std::map<std::string, std::string> plan() const override {
    std::map<std::string, std::string> plan = planned_->choice;
    plan["convolution"] = planned_->implementation;
    if (conv_.direction == Direction::wgrad) plan["gradient"] = name(planned_->outputs[0].type);
    plan["operands"] = "laid out as the library wants, outside the timing";
    plan["sets of operands"] = fmt::format("{}", rotation_.sets());
    if (turn_) plan["enqueued"] = fmt::format("as a graph of {} runs", rotation_.sets());
    return plan;
  }

  double memory_bytes() const override {
    std::size_t numbers = 0;
    for (const auto& tensors : {planned_->inputs, planned_->outputs})
      for (const TensorDesc& tensor : tensors) numbers += count_of(tensor);
    return static_cast<double>(static_cast<std::size_t>(rotation_.sets()) * set_bytes() + scratch_bytes() +
                               numbers * sizeof(float));
  }

  /// Every set holds the same numbers: only where they lie matters to a cache.
  void allocate(Progress& progress) override {
    memory_ = layers_->allocate(static_cast<std::size_t>(rotation_.sets()) * set_bytes());
    scratch_ = layers_->allocate(scratch_bytes());
    for (std::size_t i = 0; i < planned_->inputs.size(); ++i)
      numbers_.push_back(values_of(planned_->inputs[i], conv_.data, Random(conv_.seed, i)));
    for (int set = 0; set < rotation_.sets(); ++set) {
      if (set % 16 == 0) progress.on("filling operands");
      std::byte* next = memory_->data() + static_cast<std::size_t>(set) * set_bytes();
      std::vector<void*>& inputs = inputs_.emplace_back();
      for (std::size_t i = 0; i < planned_->inputs.size(); ++i) {
        if (set == 0)
          layers_->upload(numbers_[i], planned_->inputs[i], next);
        else
          copy(i, inputs_.front()[i], next);
        inputs.push_back(next);
        next += aligned(planned_->inputs[i].bytes);
      }
      std::vector<void*>& results = results_.emplace_back();
      for (const TensorDesc& output : planned_->outputs) {
        results.push_back(next);
        next += aligned(output.bytes);
      }
      calls_.push_back(planned_->bind(inputs, results, scratch_->data()));
    }
    std::vector<oracle::Numbers> inputs;
    for (const auto& values : numbers_) inputs.emplace_back(std::span<const float>(values));
    truth_ = oracle::oracle_of(operation_, std::move(inputs), conv_.format);
  }

  void enqueue(int runs) override {
    rotation_.go(
        runs, [this](int set) { calls_[static_cast<std::size_t>(set)](); }, turn_);
  }

  /// Before: every set runs once. After: the results are those of the timed runs.
  Verification verify(bool again, Progress& progress) override {
    if (!again) {
      spoil();
      enqueue(rotation_.sets());
    }
    layers_->wait();
    Verification found{.scope = "sampled", .against = "oracle"};
    for (int set = 0; set < rotation_.ran() && !found.mismatch; ++set) {
      if (set % 16 == 0) progress.on(fmt::format("verifying set {} of {}", set + 1, rotation_.sets()));
      for (std::size_t output = 0; output < planned_->outputs.size(); ++output) check(set, output, found);
    }
    if (!again) {
      if (conv_.graphs && rotation_.sets() > 1)
        turn_ = layers_->record([this] {
          for (const auto& call : calls_) call();
        });
      spoil();
    }
    return found;
  }

  void describe(CaseResult& row) const override { row.plan = plan(); }  // what was recorded is known later

 private:
  std::size_t set_bytes() const {
    std::size_t bytes = 0;
    for (const auto& tensors : {planned_->inputs, planned_->outputs})
      for (const TensorDesc& tensor : tensors) bytes += aligned(tensor.bytes);
    return bytes;
  }

  /// From set to set as they lie: to arrange numbers anew for each takes many times as long.
  std::vector<std::unique_ptr<Planned>> planned_copies() {
    std::vector<TensorDesc> tensors = planned_->inputs;
    tensors.insert(tensors.end(), planned_->outputs.begin(), planned_->outputs.end());
    std::vector<std::unique_ptr<Planned>> copies;
    copies.reserve(tensors.size());
    for (const TensorDesc& tensor : tensors)
      copies.push_back(layers_->plan(Reorder{.from = tensor, .to = tensor}, {&tensor, 1}));
    return copies;
  }
  std::size_t scratch_bytes() const {
    std::size_t bytes = planned_->scratch_bytes;
    for (const auto& copy : copies_) bytes = std::max(bytes, copy->scratch_bytes);
    return bytes;
  }
  /// @param operand number of the input, or of a result behind them
  void copy(std::size_t operand, void* from, void* to) {
    copies_[operand]->bind({&from, 1}, {&to, 1}, scratch_->data())();
  }

  void spoil() {
    for (std::size_t i = 0; i < planned_->outputs.size(); ++i) {
      const TensorDesc& output = planned_->outputs[i];
      const std::vector<float> nothing(count_of(output), std::numeric_limits<float>::quiet_NaN());
      layers_->upload(nothing, output, results_.front()[i]);
      for (std::size_t set = 1; set < results_.size(); ++set)
        copy(planned_->inputs.size() + i, results_.front()[i], results_[set][i]);
    }
    layers_->wait();
    rotation_.start_over();
  }

  void check(int set, std::size_t output, Verification& found) {
    got_.resize(count_of(planned_->outputs[output]));
    layers_->download(planned_->outputs[output], results_[static_cast<std::size_t>(set)][output], got_);
    compare(set, output, 0, found);
    if (output > 0 && set > 0) return;
    const Random random(conv_.seed, sample_stream + static_cast<std::uint64_t>(set));
    const std::size_t all = got_.size();
    const std::size_t samples = output > 0 ? samples_of_statistics
                                : set == 0 ? samples_of_first_set
                                           : samples_of_others;
    compare(set, output, all - 1, found);
    for (std::size_t i = 0; i < std::min(samples, all) && !found.mismatch; ++i)
      compare(set, output, samples >= all ? i : random.bits(i) % all, found);
  }

  void compare(int set, std::size_t output, std::size_t element, Verification& found) {
    if (found.mismatch) return;
    const auto got = static_cast<double>(got_[element]);
    const oracle::Truth should = truth_->at(static_cast<int>(output), static_cast<std::int64_t>(element));
    if (!oracle::holds(got, should, found))
      found.mismatch = fmt::format("element {} of {} is {:.9g}, should be {:.9g} within {:.2g} (set {} of {})",
                                   element,
                                   output == 0 ? "the result" : fmt::format("result {}", output + 1),
                                   got,
                                   should.value,
                                   should.bound,
                                   set + 1,
                                   rotation_.sets());
  }

  Conv conv_;
  std::unique_ptr<Layers> layers_;
  Operation operation_;
  std::unique_ptr<Planned> planned_;
  std::vector<std::unique_ptr<Planned>> copies_;  // of each input, and of each result
  Rotation rotation_;
  std::unique_ptr<training::Memory> memory_{}, scratch_{};
  std::vector<std::vector<float>> numbers_{};  // of the inputs, row-major
  std::vector<std::vector<void*>> inputs_{};   // of each set
  std::vector<std::vector<void*>> results_{};  // of each set
  std::vector<std::function<void()>> calls_{};
  std::function<void()> turn_{};             // a run of every set
  std::unique_ptr<oracle::Oracle> truth_{};  // of all sets
  std::vector<float> got_{};
};

}  // namespace

std::unique_ptr<Kernel> make_conv_kernel(const Conv& conv,
                                         std::unique_ptr<Layers> layers,
                                         double cache_bytes,
                                         bool narrow_gradient) {
  return std::make_unique<ConvKernel>(conv, std::move(layers), cache_bytes, narrow_gradient);
}

}  // namespace gpubench
