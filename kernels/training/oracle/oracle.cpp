#include "kernels/training/oracle/oracle.hpp"

#include <cstddef>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/oracle/oracles.hpp"

namespace gpubench::training::oracle {

std::unique_ptr<Oracle> oracle_of(const Operation& operation, std::vector<Numbers> inputs, Precision multiply) {
  const std::vector<TensorDesc> wanted = operands(operation).inputs;
  if (inputs.size() != wanted.size())
    throw Error(fmt::format("{} has {} inputs, {} were given.", text(operation), wanted.size(), inputs.size()));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::int64_t size = wanted[i].type == Type::opaque ? 0 : elements(wanted[i].shape);
    if (inputs[i].size() != size)
      throw Error(fmt::format("Input {} of {} has {} elements, not {}.", i, text(operation), inputs[i].size(), size));
  }
  const Given given{.inputs = std::move(inputs), .multiply = multiply};
  return std::visit([&](const auto& o) { return make(o, given); }, operation);
}

}  // namespace gpubench::training::oracle
