#include "harness/devices/cuda/emulator/warpgroup_matrix.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/grid.hpp"
#include "harness/devices/cuda/emulator/meeting.hpp"
#include "harness/devices/cuda/emulator/shared_access.hpp"
#include "harness/devices/cuda/emulator/swizzle.hpp"

namespace gpubench::emulator {
namespace {

constexpr const char* product = "wgmma.mma_async";

/// The fields of a matrix descriptor (PTX ISA, matrix descriptor format), in bytes.
struct Descriptor {
  std::uint32_t start, leading, stride, swizzle;
};

Descriptor decoded(const Where& where, std::uint64_t bits) {
  const auto bytes = [bits](unsigned first) { return static_cast<std::uint32_t>(bits >> first & 0x3fff) << 4; };
  if ((bits >> 49 & 7) != 0) fail(product, where, "a descriptor with a base offset: the emulator knows only 0");
  constexpr std::uint32_t widths[] = {0, 128, 64, 32};
  return {bytes(0), bytes(16), bytes(32), widths[bits >> 62]};
}

/// Where an element begins, in bytes from the start; before the swizzle. In units of 16 bytes (a "row" is one of the
/// eight of a core matrix), as PTX's tables of canonical layouts have it.
std::uint32_t offset_of(const Descriptor& descriptor, Format format, bool transposed, unsigned row, unsigned k) {
  const unsigned bytes = bytes_of(format);
  const std::uint32_t width = descriptor.swizzle == 0 ? 16 : descriptor.swizzle;
  if (!transposed) {  // K is contiguous: rows of `width` bytes, eight of them, then the next eight
    const std::uint32_t along = k * bytes;
    const std::uint32_t in_row = descriptor.swizzle == 0 ? along % 16 + along / 16 * descriptor.leading : along;
    return row / 8 * descriptor.stride + row % 8 * width + in_row;
  }
  const std::uint32_t along = row * bytes;
  if (descriptor.swizzle == 0)
    return along % 16 + along / 16 * descriptor.stride + k % 8 * 16 + k / 8 * descriptor.leading;
  return along % width + along / width * descriptor.leading + k % 8 * width + k / 8 * descriptor.stride;
}

struct Issued {
  std::span<float> d;
  MatrixOperand a, b;
  bool accumulate;

  bool same_as(const Issued& other) const {
    return a.descriptor == other.a.descriptor && b.descriptor == other.b.descriptor && accumulate == other.accumulate &&
           d.size() == other.d.size();
  }
};

Warpgroup& own_warpgroup() {
  const Thread& thread = current();
  return thread.block->warpgroups[thread.linear / 128];
}

/// Rows are those of the warps, 16 each; within them as mma.sync's accumulators, 8 columns after the others.
void execute(const Where& where, Format format, const std::vector<Issued>& threads, MatrixQueue& queue) {
  const unsigned depth = depth_of(format), columns = static_cast<unsigned>(threads[0].d.size()) * 2;
  std::vector<double> a(std::size_t{64} * depth), b(std::size_t{columns} * depth);
  for (unsigned k = 0; k < depth; ++k) {
    for (unsigned row = 0; row < 64; ++row) a[row * depth + k] = element_of(where, format, threads[0].a, row, k);
    for (unsigned column = 0; column < columns; ++column)
      b[column * depth + k] = element_of(where, format, threads[0].b, column, k);
  }
  for (unsigned thread = 0; thread < 128; ++thread) {
    std::vector<float>& d = queue.accumulators[threads[thread].d.data()];
    for (unsigned i = 0; i < d.size(); ++i) {
      const unsigned row = thread / 32 * 16 + thread % 32 / 4 + 8 * (i / 2 % 2);
      const unsigned column = i / 4 * 8 + thread % 4 * 2 + i % 2;
      double sum = threads[thread].accumulate ? double{d[i]} : 0;
      for (unsigned k = 0; k < depth; ++k) sum += a[row * depth + k] * b[column * depth + k];
      d[i] = static_cast<float>(sum);
    }
    if (--queue.products[threads[thread].d.data()] > 0) continue;
    std::copy(d.begin(), d.end(), threads[thread].d.begin());
  }
}

}  // namespace

double element_of(const Where& where, Format format, const MatrixOperand& operand, unsigned row, unsigned k) {
  const Descriptor descriptor = decoded(where, operand.descriptor);
  const std::uint32_t unswizzled = descriptor.start + offset_of(descriptor, format, operand.transposed, row, k);
  const std::uint32_t address = swizzled(unswizzled, descriptor.swizzle);
  std::uint32_t bits = 0;
  std::memcpy(&bits, shared_pointer(product, where, address, bytes_of(format), bytes_of(format)), bytes_of(format));
  return value_of(format, bits);
}

void issue_product(const Where& where,
                   Format format,
                   std::span<float> d,
                   const MatrixOperand& a,
                   const MatrixOperand& b,
                   bool accumulate) {
  Issued mine{d, a, b, accumulate};
  with_warpgroup(product, where, mine, [&](const Arguments<Issued>& arguments) {
    MatrixQueue& queue = own_warpgroup().products;
    if (!queue.fenced)
      fail(product, where, "no wgmma.fence since its registers were last used: it may not see what they hold");
    std::vector<Issued> threads;
    for (unsigned i = 0; i < 128; ++i) {
      if (!arguments[i].same_as(mine)) fail(product, where, "the threads of the warpgroup give different operands");
      threads.push_back(arguments[i]);
      float* accumulators = arguments[i].d.data();
      if (queue.products[accumulators]++ > 0) continue;
      queue.accumulators[accumulators].assign(arguments[i].d.begin(), arguments[i].d.end());
      std::fill(arguments[i].d.begin(), arguments[i].d.end(), std::numeric_limits<float>::quiet_NaN());
    }
    queue.groups.back().push_back(
        [where, format, threads = std::move(threads), &queue] { execute(where, format, threads, queue); });
  });
}

void fence_products(const Where& where) {
  int nothing = 0;
  with_warpgroup("wgmma.fence", where, nothing, [](const Arguments<int>&) { own_warpgroup().products.fenced = true; });
}

void commit_products(const Where& where) {
  int nothing = 0;
  with_warpgroup("wgmma.commit_group", where, nothing, [](const Arguments<int>&) {
    MatrixQueue& queue = own_warpgroup().products;
    queue.groups.emplace_back();
    // Sometimes the products are done at once: they must not need what comes later.
    if (!current().block->grid->chance(2)) return;
    for (auto& group : queue.groups) {
      for (const auto& execute : group) execute();
      group.clear();
    }
  });
}

void wait_for_products(const Where& where, unsigned groups) {
  int nothing = 0;
  with_warpgroup("wgmma.wait_group", where, nothing, [groups](const Arguments<int>&) {
    MatrixQueue& queue = own_warpgroup().products;
    while (queue.groups.size() > groups + 1) {
      for (const auto& execute : queue.groups.front()) execute();
      queue.groups.pop_front();
    }
    if (groups == 0) queue.fenced = false;
  });
}

}  // namespace gpubench::emulator
