#include "kernels/training/oracle/oracle_layers.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/training/oracle/formats.hpp"
#include "kernels/training/oracle/oracle.hpp"

namespace gpubench::training::oracle {
namespace {

class RowMajor : public Layout {
 public:
  bool same(const Layout& other) const override { return dynamic_cast<const RowMajor*>(&other) != nullptr; }
};

TensorDesc laid_out(const Shape& shape, Type type) {
  static const auto row_major = std::make_shared<const RowMajor>();
  const std::int64_t count = type == Type::opaque ? 0 : elements(shape);
  return {.shape = shape, .type = type, .bytes = static_cast<std::size_t>(count) * sizeof(double), .layout = row_major};
}
std::size_t count_of(const TensorDesc& desc) { return desc.bytes / sizeof(double); }

/// How a number is kept when it is written as some type.
struct Keeping {
  Rounding rounding = Rounding::formats;
  bool exact_fp32 = false;

  double kept(double value, Type type) const {
    const bool half = type == Type::bf16 || type == Type::f16;
    const bool rounds = half ? rounding == Rounding::formats : type == Type::f32 && !exact_fp32;
    return rounds ? rounded(value, format_of(type)) : value;
  }
};

class AlignedMemory : public Memory {
 public:
  explicit AlignedMemory(std::size_t bytes) : data_(static_cast<std::byte*>(::operator new(bytes, alignment))) {
    std::memset(data_.get(), 0xff, bytes);  // a double of these bytes is a NaN
  }
  std::byte* data() override { return data_.get(); }

 private:
  static constexpr std::align_val_t alignment{64};
  struct Delete {
    void operator()(std::byte* data) const { ::operator delete(data, alignment); }
  };
  std::unique_ptr<std::byte, Delete> data_;
};

class PlannedOracle : public Planned {
 public:
  PlannedOracle(Operation operation, Keeping keeping) : operation_(std::move(operation)), keeping_(keeping) {
    const Operands wanted = operands(operation_);
    for (const TensorDesc& input : wanted.inputs) inputs.push_back(laid_out(input.shape, input.type));
    for (const TensorDesc& output : wanted.outputs) outputs.push_back(laid_out(output.shape, output.type));
    implementation = "oracle";
    in_place = std::visit(Reusable{}, operation_);
  }

  std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void* /*scratch*/) const override {
    if (from.size() != inputs.size() || to.size() != outputs.size())
      throw Error(fmt::format("{} was bound to the wrong number of operands.", text(operation_)));
    return [plan = *this,
            from = std::vector<void*>(from.begin(), from.end()),
            to = std::vector<void*>(to.begin(), to.end())] { plan.run(from, to); };
  }

 private:
  struct Reusable {
    std::vector<InPlace> operator()(const BatchNormForward&) const { return {{.output = 0, .input = 0}}; }
    std::vector<InPlace> operator()(const BatchNormBackward&) const { return {{.output = 0, .input = 7}}; }
    std::vector<InPlace> operator()(const AddReluForward&) const { return either; }
    std::vector<InPlace> operator()(const Accumulate&) const { return either; }
    std::vector<InPlace> operator()(const ReluBackward&) const { return {{.output = 0, .input = 1}}; }
    std::vector<InPlace> operator()(const SgdMomentum&) const {
      return {{.output = 0, .input = 0}, {.output = 1, .input = 2}};
    }
    std::vector<InPlace> operator()(const AdamW&) const {
      return {{.output = 0, .input = 0}, {.output = 1, .input = 2}, {.output = 2, .input = 3}};
    }
    std::vector<InPlace> operator()(const EmbeddingBackward&) const { return {{.output = 0, .input = 2}}; }
    std::vector<InPlace> operator()(const CheckFinite&) const { return {{.output = 0, .input = 1}}; }
    std::vector<InPlace> operator()(const UpdateState&) const { return {{.output = 0, .input = 0}}; }
    std::vector<InPlace> operator()(const auto&) const { return {}; }

    const std::vector<InPlace> either = {{.output = 0, .input = 0}, {.output = 0, .input = 1}};
  };

  /// All outputs are made before the first is written: an output may lie on any input.
  void run(const std::vector<void*>& from, const std::vector<void*>& to) const {
    std::vector<Numbers> numbers;
    for (std::size_t i = 0; i < from.size(); ++i)
      numbers.emplace_back(std::span(static_cast<const double*>(from[i]), count_of(inputs[i])));
    const std::unique_ptr<Oracle> oracle = oracle_of(operation_, std::move(numbers));
    std::vector<std::vector<double>> results;
    for (std::size_t i = 0; i < to.size(); ++i) {
      std::vector<double>& result = results.emplace_back(count_of(outputs[i]));
      for (std::size_t j = 0; j < result.size(); ++j)
        result[j] = keeping_.kept(oracle->at(static_cast<int>(i), static_cast<std::int64_t>(j)).value, outputs[i].type);
    }
    for (std::size_t i = 0; i < to.size(); ++i)
      std::copy(results[i].begin(), results[i].end(), static_cast<double*>(to[i]));
  }

  Operation operation_;
  Keeping keeping_;
};

void check_size(const TensorDesc& desc, std::size_t size) {
  if (size != count_of(desc))
    throw Error(fmt::format("A tensor of {} elements does not take or give {}.", count_of(desc), size));
}

}  // namespace

std::unique_ptr<Planned> OracleLayers::plan(const Operation& operation, std::span<const TensorDesc> given) {
  const std::vector<TensorDesc> wanted = operands(operation).inputs;
  if (given.size() != wanted.size())
    throw Error(fmt::format("{} has {} inputs, not {}.", text(operation), wanted.size(), given.size()));
  return std::make_unique<PlannedOracle>(operation, Keeping{.rounding = rounding_, .exact_fp32 = exact_fp32_});
}

TensorDesc OracleLayers::plain(const Shape& shape, Type type) { return laid_out(shape, type); }

std::unique_ptr<Memory> OracleLayers::allocate(std::size_t bytes) { return std::make_unique<AlignedMemory>(bytes); }

void OracleLayers::upload(std::span<const float> values, const TensorDesc& desc, void* to) {
  check_size(desc, values.size());
  const Keeping keeping{.rounding = rounding_, .exact_fp32 = exact_fp32_};
  auto* out = static_cast<double*>(to);
  for (const float value : values) *out++ = keeping.kept(static_cast<double>(value), desc.type);
}

void OracleLayers::download(const TensorDesc& desc, const void* from, std::span<float> values) {
  check_size(desc, values.size());
  const auto* in = static_cast<const double*>(from);
  for (float& value : values) value = static_cast<float>(to_f32(*in++));
}

double OracleLayers::scalar(const TensorDesc& desc, const void* from) {
  check_size(desc, 1);
  return *static_cast<const double*>(from);
}

void OracleLayers::clear(void* to, std::size_t bytes) { std::memset(to, 0, bytes); }

}  // namespace gpubench::training::oracle
