#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "harness/devices/cuda/cuda_device.hpp"
#include "harness/devices/cuda/graph.hpp"
#include "kernels/gemm/cuda/product.hpp"
#include "kernels/gemm/gemm.hpp"
#include "kernels/gemm/products.hpp"

namespace gpubench::cuda {

/// What products on a GPU have in common, whoever multiplies: sets of operands in its memory, filled there, and results
/// that are looked at from the host.
class DeviceProducts : public Products {
 public:
  double set_bytes() const override;
  double other_bytes() const override;
  double cache_bytes() const override;
  void allocate(int sets) override;
  void fill(int set) override;
  void spoil(int set) override;
  void run(int set) override { enqueue(static_cast<std::size_t>(set)); }
  bool record_turn() override;
  void run_turn() override { turn_->enqueue(stream_); }
  double result(int set, std::int64_t row, std::int64_t column) override;
  double side_result(int set, std::int64_t index) override;

 protected:
  /// One set. Each begins at a multiple of 256 bytes; null where there is none.
  struct Set {
    std::byte *a = nullptr, *b = nullptr, *c = nullptr;
    std::byte* bias = nullptr;  ///< read, or where an epilogue's sums go
    std::byte* aux = nullptr;
  };

  DeviceProducts(const Gemm& gemm, CudaDevice& device, std::size_t workspace_bytes);

  /// Enqueues the product of a set on stream(). @throws Error
  virtual void enqueue(std::size_t set) = 0;

  const Gemm& gemm() const { return gemm_; }
  CudaDevice& device() const { return device_; }
  Stream stream() const { return stream_; }
  const std::vector<Set>& sets() const { return sets_; }
  void* workspace() const { return workspace_.data(); }
  std::size_t workspace_bytes() const { return workspace_bytes_; }

 private:
  std::size_t element_bytes() const;
  std::int64_t result_width() const;
  std::size_t a_bytes() const;
  std::size_t b_bytes() const;
  std::size_t c_bytes() const;
  std::size_t bias_bytes() const;
  std::size_t aux_bytes() const;
  std::byte* side_of(const Set& set) const;
  void upload_table();
  double number_at(const std::byte* array, std::int64_t place);

  Gemm gemm_;
  CudaDevice& device_;
  std::size_t workspace_bytes_;
  std::vector<std::uint32_t> table_;  // numbers of the operands by their codes
  Stream stream_ = nullptr;
  Memory::Block workspace_{}, memory_{}, device_table_{};
  std::vector<Set> sets_{};
  std::optional<Graph> turn_{};
};

}  // namespace gpubench::cuda
