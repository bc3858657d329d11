#include "kernels/training/small_check.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "kernels/training/engine.hpp"
#include "kernels/training/oracle/oracle_layers.hpp"
#include "kernels/training/small_network.hpp"

namespace gpubench::training {
namespace {

/// |got - expected| / |expected| of a whole network may reach this. Measured with oneDNN on AMX: 2.5e-7 in fp32; 3e-4
/// in bf16, where a last bit that falls the other way is all that differs. Room for other orders of summation.
struct Limits {
  double loss = 0, gradient = 0;
};
Limits limits(Mode mode) {
  return mode == Mode::fp32 ? Limits{.loss = 1e-6, .gradient = 1e-5} : Limits{.loss = 1e-3, .gradient = 1e-2};
}

double distance(const std::vector<float>& got, const std::vector<float>& expected) {
  double difference = 0, size = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const double e = static_cast<double>(expected[i]), d = static_cast<double>(got[i]) - e;
    difference += d * d;
    size += e * e;
  }
  return std::sqrt(difference / size);
}

struct Step {
  double loss;
  std::vector<float> gradient;
};
Step one_step(const Network& network, Layers& layers) {
  Engine engine(network, layers);
  engine.allocate();
  engine.stage(1);
  engine.enqueue(1);
  return {engine.loss(), engine.gradient()};
}

}  // namespace

SmallCheck check_small_network(const Network& network, Layers& layers) {
  oracle::OracleLayers truth;
  const Step got = one_step(network, layers), expected = one_step(network, truth);
  const Limits limit = limits(network.mode);
  const double loss = std::abs(got.loss - expected.loss) / std::abs(expected.loss);
  const double gradient = distance(got.gradient, expected.gradient);
  SmallCheck check{.error = std::max(loss / limit.loss, gradient / limit.gradient),
                   .checked = static_cast<std::int64_t>(expected.gradient.size())};
  if (!(check.error <= 1))  // NaN does not pass
    check.mismatch = fmt::format(
        "a small network's whole step: loss {:.6g}, oracle {:.6g}; gradient {:.2g} from the oracle's, at most {:.2g} "
        "allowed",
        got.loss,
        expected.loss,
        gradient,
        limit.gradient);
  return check;
}

}  // namespace gpubench::training
