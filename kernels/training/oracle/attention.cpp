#include <cmath>
#include <memory>
#include <vector>

#include "kernels/training/oracle/bound.hpp"
#include "kernels/training/oracle/each_once.hpp"
#include "kernels/training/oracle/oracles.hpp"

// Bound of both: probabilities (and their gradients) may be stored in the operands' format on the way, which rounds
// each by half a unit; the scores are FP32 sums of products; all of it is carried through to first order.

namespace gpubench::training::oracle {
namespace {

/// Probabilities of a row: of one token of one head, over the tokens up to it.
struct Row {
  std::vector<double> p{}, error{};  // error: absolute, of each probability
};

class Attention : public Oracle {
 protected:
  Attention(const AttentionShape& shape, Type type, const Numbers& qkv)
      : s_(shape), type_(type), qkv_(qkv), rows_(shape.batch * shape.heads * shape.sequence) {}

  enum Third { query, key, value };
  double qkv(Third which, std::int64_t batch, std::int64_t token, std::int64_t head, std::int64_t i) const {
    return qkv_[(batch * s_.sequence + token) * 3 * s_.width() + which * s_.width() + head * s_.head_size + i];
  }
  double factor() const { return 1 / std::sqrt(static_cast<double>(s_.head_size)); }
  double half_unit(double of) const { return half_ulp(of, format_of(type_)); }
  std::int64_t index(std::int64_t batch, std::int64_t head, std::int64_t token) const {
    return (batch * s_.heads + head) * s_.sequence + token;
  }

  const Row& row(std::int64_t batch, std::int64_t head, std::int64_t token) {
    return rows_.at(index(batch, head, token), [&](std::int64_t) { return probabilities(batch, head, token); });
  }

  AttentionShape s_;
  Type type_;
  Numbers qkv_;

 private:
  Row probabilities(std::int64_t batch, std::int64_t head, std::int64_t token) const {
    Row made;
    double highest = -INFINITY, total = 0, score_error = 0, largest = 0;
    for (std::int64_t t = 0; t <= token; ++t) {
      Sum score;
      for (std::int64_t i = 0; i < s_.head_size; ++i)
        score.add(qkv(query, batch, token, head, i) * qkv(key, batch, t, head, i));
      made.p.push_back(factor() * score.value());
      highest = std::max(highest, made.p.back());
      largest = std::max(largest, std::abs(made.p.back()));
      score_error = std::max(score_error, factor() * error_of_products(score, type_, Precision::fp32));
    }
    for (double& p : made.p) total += p = std::exp(p - highest);
    const double relative =
        2 * score_error + safety * u * (std::sqrt(static_cast<double>(token + 1)) + 2 * largest + 2);
    for (double& p : made.p) {
      p /= total;
      made.error.push_back(p * relative + half_unit(p));
    }
    return made;
  }

  EachOnce<Row> rows_;
};

class Forward : public Attention {
 public:
  Forward(const AttentionForward& o, const Given& given) : Attention(o.shape, o.type, given.inputs[0]) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const std::int64_t r = element / s_.width(), column = element % s_.width();
    const std::int64_t batch = r / s_.sequence, token = r % s_.sequence;
    const std::int64_t head = column / s_.head_size, i = column % s_.head_size;
    const Row& of = row(batch, head, token);
    Sum sum;
    double error = 0;
    for (std::int64_t t = 0; t <= token; ++t) {
      const double v = qkv(value, batch, t, head, i);
      sum.add(of.p[static_cast<std::size_t>(t)] * v);
      error += of.error[static_cast<std::size_t>(t)] * std::abs(v);
    }
    return stored(type_, sum.value(), error + error_of_products(sum, type_, Precision::fp32));
  }
};

/// With dp[t,s] = dy[t] . v[s] and ds = p * (dp - sum of p * dp) / sqrt(head_size): dq[t] = sum of ds[t,s] k[s],
/// dk[s] = sum of ds[t,s] q[t], dv[s] = sum of p[t,s] dy[t].
class Backward : public Attention {
 public:
  Backward(const AttentionBackward& o, const Given& given)
      : Attention(o.shape, o.type, given.inputs[0]),
        dy_(given.inputs[2]),
        gradients_(o.shape.batch * o.shape.heads * o.shape.sequence) {}

  Truth at(int /*output*/, std::int64_t element) override {
    const std::int64_t r = element / (3 * s_.width()), column = element % (3 * s_.width());
    const std::int64_t batch = r / s_.sequence, token = r % s_.sequence;
    const auto which = static_cast<Third>(column / s_.width());
    const std::int64_t head = column % s_.width() / s_.head_size, i = column % s_.head_size;
    Sum sum;
    double error = 0;
    const auto add = [&](const Row& weights, std::int64_t at, double times) {
      sum.add(weights.p[static_cast<std::size_t>(at)] * times);
      error += weights.error[static_cast<std::size_t>(at)] * std::abs(times);
    };
    if (which == query)
      for (std::int64_t t = 0; t <= token; ++t) add(gradient(batch, head, token), t, qkv(key, batch, t, head, i));
    else
      for (std::int64_t t = token; t < s_.sequence; ++t)
        which == key ? add(gradient(batch, head, t), token, qkv(query, batch, t, head, i))
                     : add(row(batch, head, t), token, dy(batch, t, head, i));
    return stored(type_, sum.value(), error + error_of_products(sum, type_, Precision::fp32));
  }

 private:
  double dy(std::int64_t batch, std::int64_t token, std::int64_t head, std::int64_t i) const {
    return dy_[(batch * s_.sequence + token) * s_.width() + head * s_.head_size + i];
  }

  /// ds of one row, kept as probabilities are.
  const Row& gradient(std::int64_t batch, std::int64_t head, std::int64_t token) {
    return gradients_.at(index(batch, head, token), [&](std::int64_t) {
      const Row& of = row(batch, head, token);
      Row made;
      Sum mean;
      double mean_error = 0;
      std::vector<double> dp, dp_error;
      for (std::int64_t t = 0; t <= token; ++t) {
        const auto at = static_cast<std::size_t>(t);
        Sum sum;
        for (std::int64_t i = 0; i < s_.head_size; ++i)
          sum.add(dy(batch, token, head, i) * qkv(value, batch, t, head, i));
        dp.push_back(sum.value());
        dp_error.push_back(error_of_products(sum, type_, Precision::fp32));
        mean.add(of.p[at] * dp[at]);
        mean_error += of.error[at] * std::abs(dp[at]) + of.p[at] * dp_error[at];
      }
      mean_error += mean.error();
      for (std::size_t t = 0; t < dp.size(); ++t) {
        const double difference = dp[t] - mean.value(), ds = factor() * of.p[t] * difference;
        const double error =
            factor() * (of.error[t] * std::abs(difference) +
                        of.p[t] * (dp_error[t] + mean_error + safety * u * (std::abs(dp[t]) + std::abs(mean.value()))));
        made.p.push_back(ds);
        made.error.push_back(error + half_unit(std::abs(ds) + error));
      }
      return made;
    });
  }

  Numbers dy_;
  EachOnce<Row> gradients_;
};

}  // namespace

std::unique_ptr<Oracle> make(const AttentionForward& operation, const Given& given) {
  return std::make_unique<Forward>(operation, given);
}
std::unique_ptr<Oracle> make(const AttentionBackward& operation, const Given& given) {
  return std::make_unique<Backward>(operation, given);
}

}  // namespace gpubench::training::oracle
