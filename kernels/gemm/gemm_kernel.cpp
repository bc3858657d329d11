#include "kernels/gemm/gemm_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

#include <fmt/format.h>

#include "harness/core/random.hpp"
#include "kernels/gemm/oracle.hpp"
#include "kernels/rotation.hpp"

namespace gpubench {
namespace {

constexpr int samples_of_first_set = 256, samples_of_others = 1024;  // of all others together, but one each
constexpr std::uint64_t sample_stream = 1'000'000;                   // beyond those of the operands

class GemmKernel : public Kernel {
 public:
  GemmKernel(Gemm gemm, std::unique_ptr<Products> products)
      : gemm_(std::move(gemm)),
        products_(std::move(products)),
        rotation_(gemm_.cache == CacheState::cold  // the caches are swept: one set is as good as many
                      ? 1
                      : Rotation::sets_past(products_->cache_bytes(), products_->set_bytes())) {}

  std::map<std::string, std::string> plan() const override {
    auto plan = products_->plan();
    plan["sets of operands"] = fmt::format("{}", rotation_.sets());
    if (turn_) plan["enqueued"] = fmt::format("as a graph of {} runs", rotation_.sets());
    return plan;
  }
  double memory_bytes() const override { return rotation_.sets() * products_->set_bytes() + products_->other_bytes(); }
  void allocate(Progress& progress) override {
    products_->allocate(rotation_.sets());
    for (int set = 0; set < rotation_.sets(); ++set) {
      if (set % 16 == 0) progress.on("filling operands");
      products_->fill(set);
    }
    products_->settle_plan(progress);
  }
  bool runs_cold() const override { return gemm_.cache == CacheState::cold; }
  void enqueue(int runs) override {
    rotation_.go(
        runs, [this](int set) { products_->run(set); }, turn_);
  }

  /// Before: every set runs once. After: the results are those of the timed runs.
  Verification verify(bool again, Progress& progress) override {
    if (!again) {
      spoil();
      enqueue(rotation_.sets());
    }
    Verification found{.scope = gemm_.format == Precision::int8 ? "exact" : "sampled", .against = "oracle"};
    for (int set = 0; set < rotation_.ran() && !found.mismatch; ++set) {
      if (set % 16 == 0) progress.on(fmt::format("verifying set {} of {}", set + 1, rotation_.sets()));
      check(set, found);
    }
    if (!again) {
      if (gemm_.graphs && products_->record_turn()) turn_ = [this] { products_->run_turn(); };
      spoil();
    }
    return found;
  }

  void describe(CaseResult& row) const override { row.plan = plan(); }  // a search settles it later

 private:
  void spoil() {
    for (int set = 0; set < rotation_.sets(); ++set) products_->spoil(set);
    rotation_.start_over();
  }

  /// The corners, where a tile may be cut off, and places drawn at random; all where they are few.
  void check(int set, Verification& found) {
    const std::int64_t all = gemm_.m * gemm_.n;
    const std::int64_t samples = set == 0 ? samples_of_first_set : std::max(1, samples_of_others / rotation_.sets());
    compare(set, 0, 0, found);
    compare(set, gemm_.m - 1, gemm_.n - 1, found);
    const Random random(gemm_.seed, sample_stream + static_cast<std::uint64_t>(set));
    for (std::int64_t i = 0; i < std::min(samples, all) && !found.mismatch; ++i) {
      const std::int64_t element = samples >= all ? i : below(random.bits(static_cast<std::uint64_t>(i)), all);
      compare(set, element / gemm_.n, element % gemm_.n, found);
    }
    check_side(set, random, found);
  }
  /// A sum over all rows takes as long as a column of the result: few of them.
  void check_side(int set, const Random& random, Verification& found) {
    const std::int64_t all = side_results(gemm_);
    if (all == 0) return;
    compare_side(set, 0, found);
    compare_side(set, all - 1, found);
    const std::int64_t samples = gemm_.epilogue == Epilogue::gelu_gradient ? set == 0 ? 4 : 0 : set == 0 ? 64 : 1;
    for (std::int64_t i = 0; i < std::min(samples, all); ++i)
      compare_side(set, below(random.bits(static_cast<std::uint64_t>(i)), all), found);
  }
  static std::int64_t below(std::uint64_t bits, std::int64_t end) {
    return static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(end));
  }

  void compare(int set, std::int64_t row, std::int64_t column, Verification& found) {
    if (found.mismatch) return;
    judge(products_->result(set, row, column), truth_of(gemm_, set, row, column), set, found, [&] {
      return fmt::format("element ({}, {}) of the result", row, column);
    });
  }
  void compare_side(int set, std::int64_t index, Verification& found) {
    if (found.mismatch) return;
    judge(products_->side_result(set, index), side_truth_of(gemm_, set, index), set, found, [&] {
      return fmt::format("number {} of the other result of {}", index, gpubench::name(gemm_.epilogue));
    });
  }
  template <class Which>
  void judge(double got, const training::oracle::Truth& should, int set, Verification& found, Which which) const {
    if (training::oracle::holds(got, should, found)) return;
    found.mismatch = fmt::format("{} is {:.9g}, should be {:.9g} within {:.2g} (set {} of {})",
                                 which(),
                                 got,
                                 should.value,
                                 should.bound,
                                 set + 1,
                                 rotation_.sets());
  }

  Gemm gemm_;
  std::unique_ptr<Products> products_;
  Rotation rotation_;
  std::function<void()> turn_{};  // a run of every set
};

}  // namespace

std::unique_ptr<Kernel> make_gemm_kernel(const Gemm& gemm, std::unique_ptr<Products> products) {
  return std::make_unique<GemmKernel>(gemm, std::move(products));
}

}  // namespace gpubench
