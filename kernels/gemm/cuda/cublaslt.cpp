#include "kernels/gemm/cuda/cublaslt.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/graph.hpp"
#include "kernels/gemm/cuda/algorithm_search.hpp"
#include "kernels/gemm/cuda/cublaslt_rules.hpp"
#include "kernels/gemm/cuda/fill.hpp"
#include "kernels/gemm/values.hpp"

namespace gpubench::cuda {
namespace {

using cublaslt::Candidate;
using cublaslt::DataType;

/// cuBLAS's own default on Hopper, and room enough on the others: some kernels add parts of sums there.
constexpr std::size_t workspace_bytes = std::size_t{32} << 20;
constexpr int looked_at = 16, searched_at = 64;

std::size_t aligned(std::int64_t bytes) { return (static_cast<std::size_t>(bytes) + 255) / 256 * 256; }

DataType data_type(Precision format) {
  using enum Precision;
  switch (format) {
    case fp32:
    case tf32: return DataType::f32;
    case fp16: return DataType::f16;
    case bf16: return DataType::bf16;
    case fp8: return DataType::e4m3;
    case int8: return DataType::int8;
  }
  return DataType::f32;
}

/// The format that the result, a bias and aux are in; int8's result is int32 and has neither.
Precision result_format(Precision format) { return format == Precision::fp8 ? Precision::bf16 : format; }

cublaslt::Epilogue epilogue_of(Epilogue epilogue) {
  switch (epilogue) {
    case Epilogue::none: return cublaslt::Epilogue::none;
    case Epilogue::bias: return cublaslt::Epilogue::bias;
    case Epilogue::bias_gelu: return cublaslt::Epilogue::gelu_aux_bias;
    case Epilogue::gelu_gradient: return cublaslt::Epilogue::dgelu_bgrad;
    case Epilogue::bias_gradient: return cublaslt::Epilogue::bgrad_b;
  }
  return cublaslt::Epilogue::none;
}

bool reads_bias(Epilogue epilogue) { return epilogue == Epilogue::bias || epilogue == Epilogue::bias_gelu; }
bool has_aux(Epilogue epilogue) { return epilogue == Epilogue::bias_gelu || epilogue == Epilogue::gelu_gradient; }

class CublasLtProducts : public Products {
 public:
  CublasLtProducts(const Gemm& gemm, CudaDevice& device, std::shared_ptr<cublaslt::Context> blas)
      : gemm_(gemm),
        device_(device),
        blas_(std::move(blas)),
        matmul_(cublaslt_shape(gemm)),
        alpha_(alpha_of(gemm)),
        table_(OperandNumbers(gemm.format, gemm.data).table()),
        handle_(blas_->handle()) {
    candidates_ = matmul_.candidates(handle_, workspace_bytes, gemm.searched ? searched_at : looked_at);
    keep_what_it_is_called();
    chosen_ = candidates_.front();
    how_ = gemm.searched ? "a search, when operands are there" : "the library's heuristic, its first";
  }

  std::map<std::string, std::string> plan() const override {
    auto plan = cublaslt::text_of(chosen_);
    plan["workspace"] += " of " + text_of_bytes(static_cast<double>(workspace_bytes));
    plan["chosen by"] = how_;
    return plan;
  }

  double set_bytes() const override {
    return static_cast<double>(a_bytes() + b_bytes() + c_bytes() + bias_bytes() + aux_bytes());
  }
  double other_bytes() const override {
    const std::size_t swept =
        gemm_.cache == CacheState::cold ? CudaPlace::sweep_bytes(device_.properties().l2_bytes) : 0;
    return static_cast<double>(workspace_bytes + swept + table_.size() * element_bytes());
  }
  double cache_bytes() const override { return device_.properties().l2_bytes; }

  void allocate(int sets) override {
    stream_ = device_.place().stream();
    workspace_ = device_.memory().take(workspace_bytes);
    memory_ = device_.memory().take(static_cast<std::size_t>(sets) * static_cast<std::size_t>(set_bytes()));
    upload_table();
    auto* next = memory_.as<std::byte>();
    const auto piece = [&next](std::size_t bytes) { return bytes == 0 ? nullptr : std::exchange(next, next + bytes); };
    for (int set = 0; set < sets; ++set) {
      Set one{.a = piece(a_bytes()), .b = piece(b_bytes()), .c = piece(c_bytes())};
      one.bias = piece(bias_bytes());
      one.aux = piece(aux_bytes());
      one.bound = matmul_.bind({.a = one.b, .b = one.a, .d = one.c, .bias = one.bias, .aux = one.aux});
      sets_.push_back(std::move(one));
    }
  }

  void fill(int set) override {
    const Set& one = sets_.at(static_cast<std::size_t>(set));
    fill(Operand::a, set, one.a, gemm_.m * gemm_.k);
    fill(Operand::b, set, one.b, gemm_.k * gemm_.n);
    if (reads_bias(gemm_.epilogue)) fill(Operand::bias, set, one.bias, gemm_.n);
    if (gemm_.epilogue == Epilogue::gelu_gradient) fill(Operand::aux, set, one.aux, gemm_.m * gemm_.n);
  }

  void spoil(int set) override {
    constexpr int nan_of_any_format = 0xff, beyond_any_sum = 0x80;
    const Set& one = sets_.at(static_cast<std::size_t>(set));
    const auto ruin = [this](std::byte* what, std::size_t bytes) {
      const int byte = gemm_.format == Precision::int8 ? beyond_any_sum : nan_of_any_format;
      check(cudaMemsetAsync(what, byte, bytes, stream_), "cudaMemsetAsync");
    };
    ruin(one.c, c_bytes());
    if (std::byte* side = side_of(one)) ruin(side, aligned(side_results(gemm_) * result_width()));
  }

  void settle_plan(Progress& progress) override {
    if (!gemm_.searched) return;
    std::size_t next = 0;
    const Fastest fastest =
        fastest_of(candidates_.size(), device_.properties().ordinal, stream_, progress, [&](std::size_t candidate) {
          enqueue(sets_[next++ % sets_.size()], candidates_[candidate]);
        });
    chosen_ = candidates_[fastest.index];
    how_ = fmt::format("a search: no. {} of {} that the heuristic offers", fastest.index + 1, candidates_.size());
  }

  void run(int set) override { enqueue(sets_[static_cast<std::size_t>(set)], chosen_); }

  bool record_turn() override {
    if (sets_.size() < 2) return false;
    turn_.emplace(stream_, [this] {
      for (const Set& set : sets_) enqueue(set, chosen_);
    });
    return true;
  }
  void run_turn() override { turn_->enqueue(stream_); }

  double result(int set, std::int64_t row, std::int64_t column) override {
    return number_at(sets_.at(static_cast<std::size_t>(set)).c, row * gemm_.n + column);
  }
  double side_result(int set, std::int64_t index) override {
    return number_at(side_of(sets_.at(static_cast<std::size_t>(set))), index);
  }

 private:
  struct Set {
    std::byte *a = nullptr, *b = nullptr, *c = nullptr, *bias = nullptr, *aux = nullptr;
    cublaslt::Matmul::Bound bound{};
  };

  /// FP32 is IEEE and nothing less, TF32 nothing more. Of an algorithm that does not tell, the result does.
  void keep_what_it_is_called() {
    using namespace cublaslt::arithmetic;
    const auto is_another = [this](const Candidate& one) {
      const std::uint64_t flags = cublaslt::arithmetic_of(one);
      if (flags == 0) return false;
      if (gemm_.format == Precision::fp32) return !(flags & fma) || (flags & hmma);
      return gemm_.format == Precision::tf32 && !(flags & from_tf32);
    };
    if (std::erase_if(candidates_, is_another) > 0 && candidates_.empty())
      throw Unsupported(
          fmt::format("cuBLASLt offers no algorithm that multiplies in {} and nothing else", name(gemm_.format)));
  }

  void enqueue(const Set& set, const Candidate& by) {
    matmul_.enqueue(handle_, set.bound, alpha_, by, workspace_.data(), workspace_bytes, stream_);
  }

  std::size_t element_bytes() const { return static_cast<std::size_t>(operand_width(gemm_.format)); }
  std::int64_t result_width() const { return static_cast<std::int64_t>(result_bytes(gemm_.format)); }
  std::size_t a_bytes() const { return aligned(gemm_.m * gemm_.k * operand_width(gemm_.format)); }
  std::size_t b_bytes() const { return aligned(gemm_.k * gemm_.n * operand_width(gemm_.format)); }
  std::size_t c_bytes() const { return aligned(gemm_.m * gemm_.n * result_width()); }
  std::size_t bias_bytes() const {  // what is read, or where sums go
    if (gemm_.epilogue == Epilogue::none) return 0;
    return aligned((gemm_.epilogue == Epilogue::bias_gradient ? gemm_.m : gemm_.n) * result_width());
  }
  std::size_t aux_bytes() const { return has_aux(gemm_.epilogue) ? c_bytes() : 0; }
  std::byte* side_of(const Set& set) const {
    if (side_results(gemm_) == 0) return nullptr;
    return gemm_.epilogue == Epilogue::bias_gelu ? set.aux : set.bias;
  }

  void upload_table() {
    if (table_.empty()) return;
    std::vector<std::byte> packed(table_.size() * element_bytes());
    for (std::size_t i = 0; i < table_.size(); ++i)  // little-endian: the low bytes come first
      std::memcpy(packed.data() + i * element_bytes(), &table_[i], element_bytes());
    device_table_ = device_.memory().take(packed.size());
    copy_to_device(stream_, device_table_.data(), packed.data(), packed.size());
  }
  void fill(Operand operand, int set, std::byte* to, std::int64_t count) {
    fill_operand(stream_, to, count, operand_width(gemm_.format), random_of(gemm_, operand, set), device_table_.data());
  }

  double number_at(const std::byte* array, std::int64_t place) {
    const auto width = static_cast<std::size_t>(result_width());
    std::uint32_t bits = 0;
    copy_to_host(stream_, &bits, array + static_cast<std::size_t>(place) * width, width);
    if (gemm_.format == Precision::int8) return static_cast<std::int32_t>(bits);
    return static_cast<double>(number_of(result_format(gemm_.format), bits));
  }

  Gemm gemm_;
  CudaDevice& device_;
  std::shared_ptr<cublaslt::Context> blas_;
  cublaslt::Matmul matmul_;
  double alpha_;
  std::vector<std::uint32_t> table_;
  cublaslt::Handle handle_;
  Stream stream_ = nullptr;
  std::vector<Candidate> candidates_{};
  Candidate chosen_{};
  std::string how_{};
  Memory::Block workspace_{}, memory_{}, device_table_{};
  std::vector<Set> sets_{};
  std::optional<Graph> turn_{};
};

}  // namespace

cublaslt::Shape cublaslt_shape(const Gemm& gemm) {
  cublaslt::Shape shape{.m = gemm.n,
                        .n = gemm.m,
                        .k = gemm.k,
                        .transpose_a = second_transposed(gemm.operands),
                        .transpose_b = first_transposed(gemm.operands),
                        .operands = data_type(gemm.format),
                        .result = data_type(result_format(gemm.format)),
                        .epilogue = epilogue_of(gemm.epilogue)};
  if (gemm.format == Precision::tf32) shape.compute = cublaslt::Compute::tf32;
  if (gemm.format == Precision::int8) {
    shape.compute = cublaslt::Compute::int32;
    shape.result = DataType::int32;
  }
  shape.fast_accumulation = gemm.format == Precision::fp8 && gemm.accumulation == Accumulation::fast;
  return shape;
}

std::unique_ptr<Products> cublaslt_products(const Gemm& gemm,
                                            CudaDevice& device,
                                            std::shared_ptr<cublaslt::Context> blas) {
  return std::make_unique<CublasLtProducts>(gemm, device, std::move(blas));
}

std::optional<std::string> cublaslt_why_not(const Gemm& gemm, const CudaDevice& device) {
  if (auto rule = against_cublaslt_rules(gemm, device.properties().capability)) return rule;
  return cublaslt_library().missing();
}

}  // namespace gpubench::cuda
