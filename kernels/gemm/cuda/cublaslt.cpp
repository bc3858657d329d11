#include "kernels/gemm/cuda/cublaslt.hpp"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "kernels/gemm/cuda/algorithm_search.hpp"
#include "kernels/gemm/cuda/cublaslt_rules.hpp"
#include "kernels/gemm/cuda/device_products.hpp"

namespace gpubench::cuda {
namespace {

using cublaslt::Candidate;
using cublaslt::DataType;

/// cuBLAS's own default on Hopper, and room enough on the others: some kernels add parts of sums there.
constexpr std::size_t room = std::size_t{32} << 20;
constexpr int looked_at = 16, searched_at = 64;

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

class CublasLtProducts : public DeviceProducts {
 public:
  CublasLtProducts(const Gemm& gemm, CudaDevice& device, std::shared_ptr<cublaslt::Context> blas)
      : DeviceProducts(gemm, device, room),
        blas_(std::move(blas)),
        matmul_(cublaslt_shape(gemm)),
        alpha_(alpha_of(gemm)),
        handle_(blas_->handle()) {
    candidates_ = matmul_.candidates(handle_, room, gemm.searched ? searched_at : looked_at);
    keep_what_it_is_called();
    chosen_ = candidates_.front();
    how_ = gemm.searched ? "a search, when operands are there" : "the library's heuristic, its first";
  }

  std::map<std::string, std::string> plan() const override {
    auto plan = cublaslt::text_of(chosen_);
    plan["workspace"] += " of " + text_of_bytes(static_cast<double>(room));
    plan["chosen by"] = how_;
    return plan;
  }

  void allocate(int count) override {
    DeviceProducts::allocate(count);
    for (const Set& set : sets())
      bound_.push_back(matmul_.bind({.a = set.b, .b = set.a, .d = set.c, .bias = set.bias, .aux = set.aux}));
  }

  void settle_plan(Progress& progress) override {
    if (!gemm().searched) return;
    std::size_t next = 0;
    const Fastest fastest =
        fastest_of(candidates_.size(), device().properties().ordinal, stream(), progress, [&](std::size_t candidate) {
          enqueue(next++ % sets().size(), candidates_[candidate]);
        });
    chosen_ = candidates_[fastest.index];
    how_ = fmt::format("a search: no. {} of {} that the heuristic offers", fastest.index + 1, candidates_.size());
  }

 private:
  /// FP32 is IEEE and nothing less, TF32 nothing more. Of an algorithm that does not tell, the result does.
  void keep_what_it_is_called() {
    using namespace cublaslt::arithmetic;
    const auto is_another = [this](const Candidate& one) {
      const std::uint64_t flags = cublaslt::arithmetic_of(one);
      if (flags == 0) return false;
      if (gemm().format == Precision::fp32) return !(flags & fma) || (flags & hmma);
      return gemm().format == Precision::tf32 && !(flags & from_tf32);
    };
    if (std::erase_if(candidates_, is_another) > 0 && candidates_.empty())
      throw Unsupported(
          fmt::format("cuBLASLt offers no algorithm that multiplies in {} and nothing else", name(gemm().format)));
  }

  void enqueue(std::size_t set) override { enqueue(set, chosen_); }
  void enqueue(std::size_t set, const Candidate& by) {
    matmul_.enqueue(handle_, bound_[set], alpha_, by, workspace(), room, stream());
  }

  std::shared_ptr<cublaslt::Context> blas_;
  cublaslt::Matmul matmul_;
  double alpha_;
  cublaslt::Handle handle_;
  std::vector<Candidate> candidates_{};
  Candidate chosen_{};
  std::string how_{};
  std::vector<cublaslt::Matmul::Bound> bound_{};
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
