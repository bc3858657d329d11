#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/each_once.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

class CrossEntropy : public Oracle {
 public:
  CrossEntropy(const SoftmaxCrossEntropy& o, const Given& given)
      : o_(o),
        logits_(given.inputs[0]),
        labels_(given.inputs[1]),
        scale_(o.share * given.inputs[2][StepState::loss_scale]),
        rows_(o.rows),
        loss_(1) {
    for (std::int64_t i = 0; i < o_.rows; ++i)
      if (!(labels_[i] >= 0 && labels_[i] < static_cast<double>(o_.classes)))
        throw Error(fmt::format("Label {} of row {} is none of {} classes.", labels_[i], i, o_.classes));
  }

  Truth at(int output, std::int64_t element) override {
    if (output == 0) return loss_.at(0, [this](std::int64_t) { return loss(); });
    return gradient(element / o_.classes, element % o_.classes);
  }

 private:
  /// log(sum exp(logit)) of a row, and the FP32 error of that sum relative to it: one sum over the classes, and
  /// exponentials whose arguments are off by the rounding of a logit.
  struct Row {
    double log_sum = 0, error = 0;
  };

  const Row& row(std::int64_t index) {
    return rows_.at(index, [this](std::int64_t i) {
      double top = logits_[i * o_.classes], largest = 0, sum = 0;
      for (std::int64_t j = 0; j < o_.classes; ++j) {
        top = std::max(top, logits_[i * o_.classes + j]);
        largest = std::max(largest, std::abs(logits_[i * o_.classes + j]));
      }
      for (std::int64_t j = 0; j < o_.classes; ++j) sum += std::exp(logits_[i * o_.classes + j] - top);
      const double terms = std::sqrt(static_cast<double>(o_.classes)) + 2 * largest;
      return Row{.log_sum = top + std::log(sum), .error = safety * u * terms};
    });
  }

  /// Bound: the rows' errors (relative in the sum is absolute in its logarithm), and the FP32 sum over the rows.
  Truth loss() {
    Sum sum;
    double errors = 0;
    for (std::int64_t i = 0; i < o_.rows; ++i) {
      const auto label = static_cast<std::int64_t>(labels_[i]);
      const double term = row(i).log_sum - logits_[i * o_.classes + label];
      sum.add(term);
      errors += row(i).error + safety * u * std::abs(term);
    }
    const auto rows = static_cast<double>(o_.rows);
    return stored(Type::f32, sum.value() / rows, (sum.error() + errors) / rows);
  }

  /// Bound: the row's error on the probability, a few FP32 operations on it and on the 1 that is taken off, and one
  /// rounding.
  Truth gradient(std::int64_t index, std::int64_t column) {
    const Row& of = row(index);
    const double probability = std::exp(logits_[index * o_.classes + column] - of.log_sum);
    const double target = static_cast<double>(column) == labels_[index] ? 1 : 0;
    const double factor = scale_ / static_cast<double>(o_.rows);
    const double error = probability * of.error + safety * u * (probability + target);
    return stored(o_.type, factor * (probability - target), factor * error);
  }

  SoftmaxCrossEntropy o_;
  Numbers logits_, labels_;
  double scale_;
  EachOnce<Row> rows_;
  EachOnce<Truth> loss_;
};

}  // namespace

std::unique_ptr<Oracle> make(const SoftmaxCrossEntropy& operation, const Given& given) {
  return std::make_unique<CrossEntropy>(operation, given);
}

}  // namespace gpubench::training::oracle
