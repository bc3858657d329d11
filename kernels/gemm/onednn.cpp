#include "kernels/gemm/onednn.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/devices/cpu/onednn_api.hpp"
#include "harness/devices/cpu/pages.hpp"
#include "kernels/gemm/values.hpp"

namespace gpubench {
namespace {

using onednn::Desc;
using Data = dnnl::memory::data_type;

/// @throws Unsupported for a format that the library has no name for
Data data_type(Precision format) {
  using enum Precision;
  switch (format) {
    case fp32: return Data::f32;
    case bf16: return Data::bf16;
    case fp16: return Data::f16;
    case int8: return Data::s8;
    case tf32: throw Unsupported("this CPU has no TF32");
    case fp8: throw Unsupported(fmt::format("oneDNN {} has no FP8", onednn_version()));
  }
  throw Error("a format without a name");
}
std::string upper(Precision format) {
  std::string text(name(format));
  for (char& c : text) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

[[noreturn]] void translate(const dnnl::error& error, const Gemm& gemm) {
  switch (error.status) {
    case dnnl_unimplemented:
      throw Unsupported(fmt::format("oneDNN {} has no {} matmul on this CPU ({})",
                                    onednn_version(),
                                    upper(gemm.format),
                                    onednn::effective_isa()));
    case dnnl_out_of_memory: throw OutOfMemory("oneDNN ran out of memory in " + gemm.name());
    default: throw Error(fmt::format("oneDNN: {} in {}", error.what(), gemm.name()));
  }
}

/// rows x columns that lies row by row or, transposed, column by column.
Desc plain(std::int64_t rows, std::int64_t columns, Data type, bool transposed) {
  const dnnl::memory::dims strides = transposed ? dnnl::memory::dims{1, rows} : dnnl::memory::dims{columns, 1};
  return {{rows, columns}, type, strides};
}

/// The plan. A second operand in plain rows costs up to two thirds of the speed: the library chooses how it lies, as it
/// may for the weights of a network, which are laid out once and used many times.
struct Described {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  Desc a, b_plain;
  dnnl::matmul::primitive_desc primitive;

  explicit Described(const Gemm& g) {
    const Data in = data_type(g.format), out = g.format == Precision::int8 ? Data::s32 : in;
    a = plain(g.m, g.k, in, first_transposed(g.operands));
    b_plain = plain(g.k, g.n, in, second_transposed(g.operands));
    const Desc b({g.k, g.n}, in, dnnl::memory::format_tag::any);
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    primitive = onednn::matmul(engine, a, b, plain(g.m, g.n, out, false), attr);
    const std::string implementation = primitive.impl_info_str();
    if (implementation.starts_with("ref"))
      throw Unsupported(fmt::format("oneDNN {} has only its reference implementation of {} matmul on this CPU ({})",
                                    onednn_version(),
                                    upper(g.format),
                                    onednn::effective_isa()));
  }
};

std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

class OneDnnProducts : public Products {
 public:
  OneDnnProducts(const Gemm& gemm, double cache_bytes)
      : gemm_(gemm),
        cache_bytes_(cache_bytes),
        described_(gemm),
        stream_(described_.engine),
        b_(described_.primitive.weights_desc()),
        c_(described_.primitive.dst_desc()),
        primitive_(described_.primitive),
        reorder_(dnnl::reorder::primitive_desc(described_.engine, described_.b_plain, described_.engine, b_)) {}

  std::map<std::string, std::string> plan() const override {
    const bool as_it_lies = b_ == described_.b_plain;
    return {{"matmul", described_.primitive.impl_info_str()},
            {"first operand", first_transposed(gemm_.operands) ? "as it lies, transposed" : "as it lies"},
            {"second operand", as_it_lies ? "as it lies" : "laid out as the library wants, outside the timing"}};
  }

  double set_bytes() const override { return static_cast<double>(a_bytes() + b_bytes() + c_bytes()); }
  double other_bytes() const override { return static_cast<double>(scratch_bytes() + described_.b_plain.get_size()); }
  double cache_bytes() const override { return cache_bytes_; }

  void allocate(int sets) override {
    const std::size_t set_bytes = a_bytes() + b_bytes() + c_bytes();
    pages_ = cpu::fresh_pages(static_cast<std::size_t>(sets) * set_bytes, cpu::PageSize::large);
    scratch_ = cpu::fresh_pages(scratch_bytes(), cpu::PageSize::large);
    staging_ = cpu::fresh_pages(described_.b_plain.get_size(), cpu::PageSize::large);
    for (int set = 0; set < sets; ++set) {
      std::byte* first = pages_.get() + static_cast<std::size_t>(set) * set_bytes;
      Set& one = sets_.emplace_back();
      one.a = first;
      one.c = first + a_bytes() + b_bytes();
      one.memories = {dnnl::memory(described_.a, described_.engine, first),
                      dnnl::memory(b_, described_.engine, first + a_bytes()),
                      dnnl::memory(c_, described_.engine, one.c),
                      dnnl::memory(described_.primitive.scratchpad_desc(), described_.engine, scratch_.get())};
      one.arguments = {{DNNL_ARG_SRC, one.memories[0].get()},
                       {DNNL_ARG_WEIGHTS, one.memories[1].get()},
                       {DNNL_ARG_DST, one.memories[2].get()},
                       {DNNL_ARG_SCRATCHPAD, one.memories[3].get()}};
    }
  }

  void fill(int set) override try {
    Set& one = sets_.at(static_cast<std::size_t>(set));
    write(OperandValues(gemm_, Operand::a, set), gemm_.m * gemm_.k, one.a);
    write(OperandValues(gemm_, Operand::b, set), gemm_.k * gemm_.n, staging_.get());
    dnnl::memory plain(described_.b_plain, described_.engine, staging_.get());
    reorder_.execute(stream_, plain, one.memories[1]);
    stream_.wait();
  } catch (const dnnl::error& error) {
    translate(error, gemm_);
  }

  void spoil(int set) override {
    constexpr int nan_of_any_format = 0xff, beyond_any_sum = 0x80;
    std::memset(sets_.at(static_cast<std::size_t>(set)).c,
                gemm_.format == Precision::int8 ? beyond_any_sum : nan_of_any_format,
                c_.get_size());
  }

  void run(int set) override {
    const auto& arguments = sets_[static_cast<std::size_t>(set)].arguments;
    const dnnl_status_t status = dnnl::dnnl_primitive_execute(
        primitive_.get(), stream_.get(), static_cast<int>(arguments.size()), arguments.data());
    if (status != dnnl_success) translate(dnnl::error(status, "a product failed"), gemm_);
  }

  double result(int set, std::int64_t row, std::int64_t column) override {
    stream_.wait();
    const std::byte* c = sets_.at(static_cast<std::size_t>(set)).c;
    const auto place = static_cast<std::size_t>(row * gemm_.n + column);
    if (gemm_.format == Precision::int8) return reinterpret_cast<const std::int32_t*>(c)[place];
    if (gemm_.format == Precision::fp32) return static_cast<double>(reinterpret_cast<const float*>(c)[place]);
    return static_cast<double>(number_of(gemm_.format, reinterpret_cast<const std::uint16_t*>(c)[place]));
  }

 private:
  struct Set {
    std::byte *a = nullptr, *c = nullptr;
    std::vector<dnnl::memory> memories{};
    std::vector<dnnl_exec_arg_t> arguments{};
  };

  std::size_t a_bytes() const { return aligned(described_.a.get_size()); }
  std::size_t b_bytes() const { return aligned(b_.get_size()); }
  std::size_t c_bytes() const { return aligned(c_.get_size()); }
  std::size_t scratch_bytes() const { return described_.primitive.scratchpad_desc().get_size(); }

  void write(const OperandValues& values, std::int64_t count, std::byte* to) const {
    const int per_draw = values.per_draw();
    const std::int64_t draws = (count + per_draw - 1) / per_draw;
#pragma omp parallel for schedule(static)
    for (std::int64_t number = 0; number < draws; ++number) {
      const std::uint64_t draw = values.draw(number);
      const int parts = static_cast<int>(std::min<std::int64_t>(per_draw, count - number * per_draw));
      for (int part = 0; part < parts; ++part) put(values.value(draw, part), number * per_draw + part, to);
    }
  }
  void put(float value, std::int64_t place, std::byte* to) const {
    const std::uint32_t bits = bits_of(gemm_.format, value);
    if (operand_width(gemm_.format) == 4)
      reinterpret_cast<std::uint32_t*>(to)[place] = bits;
    else if (operand_width(gemm_.format) == 2)
      reinterpret_cast<std::uint16_t*>(to)[place] = static_cast<std::uint16_t>(bits);
    else
      reinterpret_cast<std::uint8_t*>(to)[place] = static_cast<std::uint8_t>(bits);
  }

  Gemm gemm_;
  double cache_bytes_;
  Described described_;
  dnnl::stream stream_;
  Desc b_, c_;
  dnnl::matmul primitive_;
  dnnl::reorder reorder_;
  cpu::Pages pages_{}, scratch_{}, staging_{};
  std::vector<Set> sets_{};
};

/// Without VNNI the library adds pairs of products in 16 bits, where large ones are cut off, and says nothing.
bool int8_is_exact() {
  constexpr std::int64_t size = 64;
  std::vector<std::int8_t> ones(size * size, 127);
  std::vector<std::int32_t> sums(size * size);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  const auto primitive = onednn::matmul(engine,
                                        plain(size, size, Data::s8, false),
                                        plain(size, size, Data::s8, false),
                                        plain(size, size, Data::s32, false),
                                        {});
  dnnl::stream stream(engine);
  dnnl::matmul(primitive).execute(stream,
                                  {{DNNL_ARG_SRC, {primitive.src_desc(), engine, ones.data()}},
                                   {DNNL_ARG_WEIGHTS, {primitive.weights_desc(), engine, ones.data()}},
                                   {DNNL_ARG_DST, {primitive.dst_desc(), engine, sums.data()}}});
  stream.wait();
  return sums.front() == 127 * 127 * size;
}

}  // namespace

std::unique_ptr<Products> onednn_products(const Gemm& gemm, double cache_bytes) try {
  return std::make_unique<OneDnnProducts>(gemm, cache_bytes);
} catch (const dnnl::error& error) {
  translate(error, gemm);
}

std::optional<std::string> onednn_why_not(const Gemm& gemm) {
  if (gemm.format == Precision::tf32) return "this CPU has no TF32";
  if (auto missing = onednn_library().missing()) return missing;
  if (gemm.cache == CacheState::cold)
    return "a CPU's caches cannot be emptied between runs outside the timing; hot cases find no operand in a cache "
           "either";
  if (gemm.sparse) return "oneDNN's products know no 2:4 sparsity";
  if (gemm.epilogue != Epilogue::none || gemm.searched)
    return "a variant of cuBLASLt's products: they are timed on GPUs";
  try {
    try {
      const Described described(gemm);
      if (gemm.format == Precision::int8 && !int8_is_exact())
        return fmt::format("oneDNN {} cuts off sums of INT8 products at 16 bits on this CPU ({})",
                           onednn_version(),
                           onednn::effective_isa());
    } catch (const dnnl::error& error) {
      translate(error, gemm);
    }
  } catch (const Unsupported& why) {
    return why.what();
  }
  return std::nullopt;
}

}  // namespace gpubench
