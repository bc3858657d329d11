#include "kernels/gemm/cuda/own.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "kernels/gemm/cuda/algorithm_search.hpp"
#include "kernels/gemm/cuda/device_products.hpp"
#include "kernels/gemm/cuda/ways.hpp"
#include "kernels/gemm/cuda/wgmma.hpp"

namespace gpubench::cuda {
namespace {

Machine machine_of(const CudaDevice& device) {
  return {.capability = device.properties().capability, .multiprocessors = device.properties().multiprocessors};
}

/// As Gemm's matrices lie: without gaps. Where they are is not told yet.
Product product_of(const Gemm& gemm) {
  const bool a_turned = first_transposed(gemm.operands), b_turned = second_transposed(gemm.operands);
  return {.format = gemm.format,
          .accumulation = gemm.accumulation,
          .m = gemm.m,
          .n = gemm.n,
          .k = gemm.k,
          .a = {nullptr, a_turned ? gemm.m : gemm.k, a_turned},
          .b = {nullptr, b_turned ? gemm.k : gemm.n, b_turned},
          .c_pitch = gemm.n,
          .alpha = static_cast<float>(alpha_of(gemm)),
          .activation = gemm.epilogue == Epilogue::bias_gelu ? Activation::gelu : Activation::none};
}

std::vector<Way> candidates(const Gemm& gemm, const CudaDevice& device, std::size_t choice) {
  std::vector<Way> all = ways(product_of(gemm), machine_of(device));
  if (choice >= all.size()) throw Unsupported("none of our kernels takes this product");
  std::swap(all.front(), all[choice]);
  return all;
}

std::size_t most_scratch(const Gemm& gemm, const std::vector<Way>& ways) {
  if (!gemm.searched) return scratch_bytes(product_of(gemm), ways.front());
  std::size_t most = 0;
  for (const Way& way : ways) most = std::max(most, scratch_bytes(product_of(gemm), way));
  return most;
}

class OwnProducts : public DeviceProducts {
 public:
  OwnProducts(const Gemm& gemm, CudaDevice& device, std::vector<Way> ways)
      : DeviceProducts(gemm, device, most_scratch(gemm, ways)),
        machine_(machine_of(device)),
        product_(product_of(gemm)),
        ways_(std::move(ways)),
        chosen_(ways_.front()),
        how_(gemm.searched ? "a search, when operands are there"
                           : fmt::format("a prediction, of {} ways", ways_.size())) {}

  std::map<std::string, std::string> plan() const override {
    auto plan = text_of(chosen_);
    plan["chosen by"] = how_;
    return plan;
  }

  void allocate(int count) override {
    DeviceProducts::allocate(count);
    const auto by_wgmma = [](const Way& way) { return way.kernel == Way::Kernel::wgmma; };
    if (std::ranges::none_of(ways_, by_wgmma) || wgmma_is_compiled()) return;
    std::erase_if(ways_, by_wgmma);
    if (ways_.empty() || (by_wgmma(chosen_) && scratch_bytes(product_, ways_.front()) > workspace_bytes()))
      throw Unsupported("this build has no code for sm_90a (GPUBENCH_CUDA_ARCHITECTURES): wgmma is in no other");
    chosen_ = ways_.front();
  }

  void settle_plan(Progress& progress) override {
    if (!gemm().searched) return;
    std::size_t next = 0;
    const Fastest fastest =
        fastest_of(ways_.size(), device().properties().ordinal, stream(), progress, [&](std::size_t way) {
          enqueue(next++ % sets().size(), ways_[way]);
        });
    chosen_ = ways_[fastest.index];
    how_ = fmt::format("a search: no. {} of {} by the prediction", fastest.index + 1, ways_.size());
  }

 private:
  void enqueue(std::size_t set) override { enqueue(set, chosen_); }
  void enqueue(std::size_t set, const Way& way) {
    const Set& one = sets()[set];
    Product product = product_;
    product.a.data = one.a;
    product.b.data = one.b;
    product.c = one.c;
    product.bias = one.bias;
    product.aux = one.aux;
    cuda::enqueue(stream(), product, way, workspace(), machine_);
  }

  Machine machine_;
  Product product_;
  std::vector<Way> ways_;
  Way chosen_;
  std::string how_;
};

std::string needs(const char* what, const char* capability, int has) {
  return fmt::format("{} needs compute capability {}, this GPU has {}.{}", what, capability, has / 10, has % 10);
}

std::optional<std::string> against_fp8(const Gemm& gemm, int capability) {
  constexpr int hopper = 90, unit_of_k = 16, unit_of_n = 8;
  if (capability != hopper) return needs("our FP8 product (wgmma)", "9.0", capability);
  if (gemm.operands != Operands::nt)
    return fmt::format("FP8 wants k contiguous in both operands (nt), not {}; a training step transposes them first",
                       name(gemm.operands));
  if (gemm.k % unit_of_k != 0 || gemm.n % unit_of_n != 0)
    return fmt::format(
        "FP8 wants k to be a multiple of {} and n one of {}; they are {} and {}", unit_of_k, unit_of_n, gemm.k, gemm.n);
  return std::nullopt;
}

}  // namespace

std::unique_ptr<Products> own_products(const Gemm& gemm, CudaDevice& device, std::size_t choice) {
  if (const auto why = own_why_not(gemm, device)) throw Unsupported(*why);
  return std::make_unique<OwnProducts>(gemm, device, candidates(gemm, device, choice));
}

std::optional<std::string> own_why_not(const Gemm& gemm, const CudaDevice& device) {
  constexpr int oldest = 80;
  constexpr std::int64_t most = std::int64_t{1} << 31;
  const int capability = device.properties().capability;
  if (capability < oldest) return needs("our own product", "8.0", capability);
  if (gemm.sparse) return "2:4 sparsity is not part of this version";
  if (gemm.epilogue == Epilogue::gelu_gradient || gemm.epilogue == Epilogue::bias_gradient)
    return fmt::format("our own product has no {}: sums beside the result are not part of this version",
                       name(gemm.epilogue));
  if (std::max({gemm.m, gemm.n, gemm.k}) >= most) return "m, n and k have to be below 2^31";
  if (gemm.format == Precision::int8) return "INT8 products of our own are not part of this version";
  if (gemm.format == Precision::fp8) return against_fp8(gemm, capability);
  return std::nullopt;
}

}  // namespace gpubench::cuda
