#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "harness/core/random.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench::training::oracle {

using Values = std::vector<double>;

inline Values normal(std::int64_t count, std::uint64_t stream) {
  const Random random(1, stream);
  Values values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = random.normal(i);
  return values;
}
inline Values normal(const Shape& shape, std::uint64_t stream) { return normal(elements(shape), stream); }

inline Values each(const Values& values, const std::function<double(double)>& change) {
  Values changed = values;
  for (double& value : changed) value = change(value);
  return changed;
}

/// An oracle with its inputs, so that a test may make them on the fly.
class Owning : public Oracle {
 public:
  Owning(const Operation& operation, std::vector<Values> inputs, Precision multiply) : inputs_(std::move(inputs)) {
    std::vector<Numbers> numbers;
    for (const Values& values : inputs_) numbers.emplace_back(std::span<const double>(values));
    oracle_ = oracle_of(operation, std::move(numbers), multiply);
  }
  Truth at(int output, std::int64_t element) override { return oracle_->at(output, element); }

 private:
  std::vector<Values> inputs_;
  std::unique_ptr<Oracle> oracle_{};
};

inline std::unique_ptr<Oracle> oracle_of(const Operation& operation,
                                         std::vector<Values> inputs,
                                         Precision multiply = Precision::fp32) {
  return std::make_unique<Owning>(operation, std::move(inputs), multiply);
}

/// All elements of all outputs, opaque ones empty.
inline std::vector<Values> outputs_of(const Operation& operation, const std::vector<Values>& inputs) {
  const auto oracle = oracle_of(operation, inputs);
  std::vector<Values> all;
  for (const TensorDesc& desc : operands(operation).outputs) {
    Values& values = all.emplace_back();
    const std::int64_t count = desc.type == Type::opaque ? 0 : elements(desc.shape);
    for (std::int64_t i = 0; i < count; ++i) values.push_back(oracle->at(static_cast<int>(all.size()) - 1, i).value);
  }
  return all;
}

/// How many elements of an output disagree with `got`.
inline int disagreements(Oracle& oracle, int output, const Values& got) {
  int count = 0;
  for (std::size_t i = 0; i < got.size(); ++i)
    if (!agrees(got[i], oracle.at(output, static_cast<std::int64_t>(i)))) ++count;
  return count;
}

}  // namespace gpubench::training::oracle
