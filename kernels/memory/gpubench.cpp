#include "kernels/memory/gpubench.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cpu/caches.hpp"
#include "harness/devices/cpu/pages.hpp"
#include "kernels/memory/definition.hpp"

namespace gpubench {
namespace {

cpu::StreamLoop stream_loop(MemoryLoop loop) {
  switch (loop) {
    case MemoryLoop::copy: return cpu::StreamLoop::copy;
    case MemoryLoop::scale: return cpu::StreamLoop::scale;
    case MemoryLoop::add: return cpu::StreamLoop::add;
    case MemoryLoop::triad: return cpu::StreamLoop::triad;
  }
  return cpu::StreamLoop::copy;
}

static_assert(cpu::stream_factor == 3);

class MemoryKernel : public Kernel {
 public:
  MemoryKernel(const MemoryPass& pass, StreamPass stream)
      : pass_(pass),
        stream_(std::move(stream)),
        count_(pass.array_bytes / static_cast<std::int64_t>(sizeof(float))),
        stores_(choose_stores()) {}

  std::map<std::string, std::string> plan() const override {
    const bool around = stores_ == cpu::Stores::around_caches;
    return {{"stores", around ? "non-temporal: around the caches" : "ordinary: a line is read before it is written"},
            {"pages of the result", pages_text()}};
  }
  double memory_bytes() const override { return pass_.work().bytes; }

  void allocate(Progress& progress) override {
    const auto bytes = static_cast<std::size_t>(pass_.array_bytes);
    inputs_ = cpu::fresh_pages((static_cast<std::size_t>(pass_.arrays()) - 1) * bytes, cpu::PageSize::large);
    result_ =
        cpu::fresh_pages(bytes, pass_.touch == Touch::first_touch ? cpu::PageSize::ordinary : cpu::PageSize::large);
    progress.on("filling arrays");
    auto* x = reinterpret_cast<float*>(inputs_.get());
    auto* y = pass_.arrays() == 3 ? x + count_ : nullptr;
    const Random of_x(pass_.seed, 0), of_y(pass_.seed, 1);
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < count_; ++i) {
      x[i] = memory_value(of_x, i);
      if (y != nullptr) y[i] = memory_value(of_y, i);
    }
    x_ = {x, static_cast<std::size_t>(count_)};
    if (y != nullptr) y_ = {y, static_cast<std::size_t>(count_)};
    to_ = {reinterpret_cast<float*>(result_.get()), static_cast<std::size_t>(count_)};
  }

  void enqueue(int runs) override {
    for (int run = 0; run < runs; ++run) {
      if (pass_.touch != Touch::warm) cpu::forget(result_.get(), static_cast<std::size_t>(pass_.array_bytes));
      stream_(stream_loop(pass_.loop), stores_, x_, y_, to_);
    }
  }

  /// The result is spoilt before the runs whose result is checked.
  Verification verify(bool again, Progress& progress) override {
    if (!again) {
      spoil();
      enqueue(1);
    }
    progress.on("verifying every element");
    Verification found{.scope = "full", .against = "definition", .checked = count_};
    const std::int64_t wrong = first_wrong();
    if (wrong < count_)
      found.mismatch = fmt::format("element {} is {}, should be {}",
                                   wrong,
                                   to_[static_cast<std::size_t>(wrong)],
                                   should_be(Random(pass_.seed, 0), Random(pass_.seed, 1), wrong));
    if (!again) spoil();
    return found;
  }

 private:
  /// An array that is beyond the caches gains nothing from passing through them; a page that the system has just zeroed
  /// is still in them.
  cpu::Stores choose_stores() const {
    const bool beyond = static_cast<double>(pass_.array_bytes) * pass_.arrays() > cpu::cache_bytes();
    const bool around = pass_.touch == Touch::warm && beyond && cpu::has_stores_around_caches();
    return around ? cpu::Stores::around_caches : cpu::Stores::ordinary;
  }
  const char* pages_text() const {
    switch (pass_.touch) {
      case Touch::warm: return "touched before";
      case Touch::first_touch: return "ordinary, taken from the system and given back in each run";
      case Touch::first_touch_large: return "large where the system has them, taken and given back in each run";
    }
    return "";
  }

  void spoil() {
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < count_; ++i)
      to_[static_cast<std::size_t>(i)] = std::numeric_limits<float>::quiet_NaN();
  }

  float should_be(const Random& of_x, const Random& of_y, std::int64_t i) const {
    return memory_result(pass_.loop, memory_value(of_x, i), y_.empty() ? 0 : memory_value(of_y, i));
  }
  /// Not of the arrays but of what they were filled with: a pass that wrote to its inputs is wrong, too.
  std::int64_t first_wrong() const {
    const Random of_x(pass_.seed, 0), of_y(pass_.seed, 1);
    std::int64_t first = count_;
#pragma omp parallel for schedule(static) reduction(min : first)
    for (std::int64_t i = 0; i < count_; ++i)
      if (!(to_[static_cast<std::size_t>(i)] == should_be(of_x, of_y, i))) first = std::min(first, i);
    return first;
  }

  MemoryPass pass_;
  StreamPass stream_;
  std::int64_t count_;
  cpu::Stores stores_;
  cpu::Pages inputs_{}, result_{};
  std::span<const float> x_{}, y_{};
  std::span<float> to_{};
};

}  // namespace

std::unique_ptr<Kernel> make_memory_kernel(const MemoryPass& pass, StreamPass stream) {
  return std::make_unique<MemoryKernel>(pass, std::move(stream));
}

}  // namespace gpubench
