#include "kernels/gemm/cuda/device_products.hpp"

#include <cstring>
#include <utility>

#include <cuda_runtime_api.h>

#include "harness/devices/cuda/check.hpp"
#include "kernels/gemm/cuda/fill.hpp"
#include "kernels/gemm/values.hpp"

namespace gpubench::cuda {
namespace {

std::size_t aligned(std::int64_t bytes) { return (static_cast<std::size_t>(bytes) + 255) / 256 * 256; }

bool reads_bias(Epilogue epilogue) { return epilogue == Epilogue::bias || epilogue == Epilogue::bias_gelu; }
bool has_aux(Epilogue epilogue) { return epilogue == Epilogue::bias_gelu || epilogue == Epilogue::gelu_gradient; }

}  // namespace

DeviceProducts::DeviceProducts(const Gemm& gemm, CudaDevice& device, std::size_t workspace_bytes)
    : gemm_(gemm),
      device_(device),
      workspace_bytes_(workspace_bytes),
      table_(OperandNumbers(gemm.format, gemm.data).table()) {}

double DeviceProducts::set_bytes() const {
  return static_cast<double>(a_bytes() + b_bytes() + c_bytes() + bias_bytes() + aux_bytes());
}

double DeviceProducts::other_bytes() const {
  const std::size_t swept = gemm_.cache == CacheState::cold ? CudaPlace::sweep_bytes(device_.properties().l2_bytes) : 0;
  return static_cast<double>(workspace_bytes_ + swept + table_.size() * element_bytes());
}

double DeviceProducts::cache_bytes() const { return device_.properties().l2_bytes; }

void DeviceProducts::allocate(int sets) {
  stream_ = device_.place().stream();
  if (workspace_bytes_ > 0) workspace_ = device_.memory().take(workspace_bytes_);
  memory_ = device_.memory().take(static_cast<std::size_t>(sets) * static_cast<std::size_t>(set_bytes()));
  upload_table();
  auto* next = memory_.as<std::byte>();
  const auto piece = [&next](std::size_t bytes) { return bytes == 0 ? nullptr : std::exchange(next, next + bytes); };
  for (int set = 0; set < sets; ++set) {
    Set one{.a = piece(a_bytes()), .b = piece(b_bytes()), .c = piece(c_bytes())};
    one.bias = piece(bias_bytes());
    one.aux = piece(aux_bytes());
    sets_.push_back(one);
  }
}

void DeviceProducts::fill(int set) {
  const Set& one = sets_.at(static_cast<std::size_t>(set));
  const auto fill = [&](Operand operand, std::byte* to, std::int64_t count) {
    fill_operand(stream_, to, count, operand_width(gemm_.format), random_of(gemm_, operand, set), device_table_.data());
  };
  fill(Operand::a, one.a, gemm_.m * gemm_.k);
  fill(Operand::b, one.b, gemm_.k * gemm_.n);
  if (reads_bias(gemm_.epilogue)) fill(Operand::bias, one.bias, gemm_.n);
  if (gemm_.epilogue == Epilogue::gelu_gradient) fill(Operand::aux, one.aux, gemm_.m * gemm_.n);
}

void DeviceProducts::spoil(int set) {
  constexpr int nan_of_any_format = 0xff, beyond_any_sum = 0x80;
  const Set& one = sets_.at(static_cast<std::size_t>(set));
  const auto ruin = [this](std::byte* what, std::size_t bytes) {
    const int byte = gemm_.format == Precision::int8 ? beyond_any_sum : nan_of_any_format;
    check(cudaMemsetAsync(what, byte, bytes, stream_), "cudaMemsetAsync");
  };
  ruin(one.c, c_bytes());
  if (std::byte* side = side_of(one)) ruin(side, aligned(side_results(gemm_) * result_width()));
}

bool DeviceProducts::record_turn() {
  if (sets_.size() < 2) return false;
  turn_.emplace(stream_, [this] {
    for (std::size_t set = 0; set < sets_.size(); ++set) enqueue(set);
  });
  return true;
}

double DeviceProducts::result(int set, std::int64_t row, std::int64_t column) {
  return number_at(sets_.at(static_cast<std::size_t>(set)).c, row * gemm_.n + column);
}
double DeviceProducts::side_result(int set, std::int64_t index) {
  return number_at(side_of(sets_.at(static_cast<std::size_t>(set))), index);
}

std::size_t DeviceProducts::element_bytes() const { return static_cast<std::size_t>(operand_width(gemm_.format)); }
std::int64_t DeviceProducts::result_width() const { return static_cast<std::int64_t>(result_bytes(gemm_.format)); }
std::size_t DeviceProducts::a_bytes() const { return aligned(gemm_.m * gemm_.k * operand_width(gemm_.format)); }
std::size_t DeviceProducts::b_bytes() const { return aligned(gemm_.k * gemm_.n * operand_width(gemm_.format)); }
std::size_t DeviceProducts::c_bytes() const { return aligned(gemm_.m * gemm_.n * result_width()); }
std::size_t DeviceProducts::bias_bytes() const {
  if (gemm_.epilogue == Epilogue::none) return 0;
  return aligned((gemm_.epilogue == Epilogue::bias_gradient ? gemm_.m : gemm_.n) * result_width());
}
std::size_t DeviceProducts::aux_bytes() const { return has_aux(gemm_.epilogue) ? c_bytes() : 0; }

std::byte* DeviceProducts::side_of(const Set& set) const {
  if (side_results(gemm_) == 0) return nullptr;
  return gemm_.epilogue == Epilogue::bias_gelu ? set.aux : set.bias;
}

void DeviceProducts::upload_table() {
  if (table_.empty()) return;
  std::vector<std::byte> packed(table_.size() * element_bytes());
  for (std::size_t i = 0; i < table_.size(); ++i)  // little-endian: the low bytes come first
    std::memcpy(packed.data() + i * element_bytes(), &table_[i], element_bytes());
  device_table_ = device_.memory().take(packed.size());
  copy_to_device(stream_, device_table_.data(), packed.data(), packed.size());
}

double DeviceProducts::number_at(const std::byte* array, std::int64_t place) {
  const auto width = static_cast<std::size_t>(result_width());
  std::uint32_t bits = 0;
  copy_to_host(stream_, &bits, array + static_cast<std::size_t>(place) * width, width);
  if (gemm_.format == Precision::int8) return static_cast<std::int32_t>(bits);
  return static_cast<double>(number_of(result_format(gemm_.format), bits));
}

}  // namespace gpubench::cuda
