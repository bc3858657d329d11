#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {
namespace {

void check_tokens(const EmbeddingShape& s, const Numbers& tokens) {
  if (s.sequence > s.positions)
    throw Error(fmt::format("A sequence of {} tokens has only {} positions.", s.sequence, s.positions));
  for (std::int64_t i = 0; i < s.rows(); ++i)
    if (!(tokens[i] >= 0 && tokens[i] < static_cast<double>(s.vocabulary)))
      throw Error(fmt::format("Token {} at {} is none of a vocabulary of {}.", tokens[i], i, s.vocabulary));
}

/// Bound: one FP32 addition, and one rounding.
class Forward : public Oracle {
 public:
  Forward(const EmbeddingForward& o, const Given& given)
      : o_(o), tokens_(given.inputs[0]), table_(given.inputs[1]), positions_(given.inputs[2]) {
    check_tokens(o.shape, tokens_);
  }

  Truth at(int /*output*/, std::int64_t element) override {
    const EmbeddingShape& s = o_.shape;
    const std::int64_t row = element / s.width, column = element % s.width;
    const auto token = static_cast<std::int64_t>(tokens_[row]);
    const double sum = table_[token * s.width + column] + positions_[row % s.sequence * s.width + column];
    return stored(o_.type, sum, u * std::abs(sum));
  }

 private:
  EmbeddingForward o_;
  Numbers tokens_, table_, positions_;
};

/// Bound: an FP32 sum over the rows of this token, or of this position.
class Backward : public Oracle {
 public:
  Backward(const EmbeddingBackward& o, const Given& given)
      : o_(o), tokens_(given.inputs[0]), dy_(given.inputs[1]), dtable_(given.inputs[2]) {
    check_tokens(o.shape, tokens_);
  }

  Truth at(int output, std::int64_t element) override {
    const EmbeddingShape& s = o_.shape;
    const std::int64_t which = element / s.width, column = element % s.width;
    Sum sum;
    if (output == 0) sum.add(dtable_[element]);
    for (std::int64_t r = 0; r < s.rows(); ++r)
      if (output == 0 ? tokens_[r] == static_cast<double>(which) : r % s.sequence == which)
        sum.add(dy_[r * s.width + column]);
    return stored(Type::f32, sum.value(), sum.error());
  }

 private:
  EmbeddingBackward o_;
  Numbers tokens_, dy_, dtable_;
};

}  // namespace

std::unique_ptr<Oracle> make(const EmbeddingForward& operation, const Given& given) {
  return std::make_unique<Forward>(operation, given);
}
std::unique_ptr<Oracle> make(const EmbeddingBackward& operation, const Given& given) {
  return std::make_unique<Backward>(operation, given);
}

}  // namespace gpubench::training::oracle
