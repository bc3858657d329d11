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

const unsigned char* place_of_element(
    const Where& where, Format format, const MatrixOperand& operand, unsigned row, unsigned k) {
  const Descriptor descriptor = decoded(where, operand.descriptor);
  const std::uint32_t unswizzled = descriptor.start + offset_of(descriptor, format, operand.transposed, row, k);
  const std::uint32_t address = swizzled(unswizzled, descriptor.swizzle);
  return shared_pointer(product, where, address, bytes_of(format), bytes_of(format));
}

/// Where the elements of an operand lie, K running fastest: found when the product is issued, read when it is executed.
std::vector<const unsigned char*> places_of(const Where& where,
                                            Format format,
                                            const MatrixOperand& operand,
                                            unsigned rows) {
  std::vector<const unsigned char*> places;
  for (unsigned row = 0; row < rows; ++row)
    for (unsigned k = 0; k < depth_of(format); ++k) places.push_back(place_of_element(where, format, operand, row, k));
  return places;
}

std::vector<double> values_at(Format format, const std::vector<const unsigned char*>& places) {
  std::vector<double> values;
  for (const unsigned char* place : places) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, place, bytes_of(format));
    values.push_back(value_of(format, bits));
  }
  return values;
}

struct Product {
  Format format;
  std::vector<Issued> threads;
  std::vector<const unsigned char*> a, b;
  MatrixQueue* queue;

  /// Rows are those of the warps, 16 each; within them as mma.sync's accumulators, 8 columns after the others.
  void execute() const {
    const unsigned depth = depth_of(format);
    const std::vector<double> from_a = values_at(format, a), from_b = values_at(format, b);
    for (unsigned thread = 0; thread < 128; ++thread) {
      float* const registers = threads[thread].d.data();
      std::vector<float>& d = queue->accumulators[registers];
      for (unsigned i = 0; i < d.size(); ++i) {
        const unsigned row = thread / 32 * 16 + thread % 32 / 4 + 8 * (i / 2 % 2);
        const unsigned column = i / 4 * 8 + thread % 4 * 2 + i % 2;
        double sum = threads[thread].accumulate ? double{d[i]} : 0;
        for (unsigned k = 0; k < depth; ++k) sum += from_a[row * depth + k] * from_b[column * depth + k];
        d[i] = static_cast<float>(sum);
      }
      if (--queue->products[registers] == 0) std::copy(d.begin(), d.end(), registers);
    }
  }
};

void finish(MatrixQueue& queue, std::uint64_t groups) {
  for (; queue.finished < groups; ++queue.finished) {
    for (const auto& execute : queue.groups.front()) execute();
    queue.groups.pop_front();
  }
}

}  // namespace

void issue_product(const Where& where,
                   Format format,
                   std::span<float> d,
                   const MatrixOperand& a,
                   const MatrixOperand& b,
                   bool accumulate) {
  Issued mine{d, a, b, accumulate};
  with_warpgroup(product, where, mine, [&](const Arguments<Issued>& arguments) {
    MatrixQueue& queue = own_warpgroup().products;
    const Block& block = *current().block;
    if (!block.fenced && !block.loaded)
      fail(product,
           where,
           "no bulk copy has brought its operands, and no thread of the block has executed fence.proxy.async");
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
    const auto columns = static_cast<unsigned>(d.size()) * 2;
    Product issued{
        format, std::move(threads), places_of(where, format, a, 64), places_of(where, format, b, columns), &queue};
    queue.groups.back().push_back([issued = std::move(issued)] { issued.execute(); });
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
    ++queue.committed;
    // Sometimes the products are done at once: they must not need what comes later.
    if (current().block->grid->chance(2)) finish(queue, queue.committed);
  });
}

// As late as the schedule allows: who was told too early that the operands are free has time to overwrite them.
void wait_for_products(const Where& where, unsigned groups) {
  constexpr const char* instruction = "wgmma.wait_group";
  MatrixQueue& queue = own_warpgroup().products;
  const std::uint64_t wanted = queue.committed - std::min<std::uint64_t>(groups, queue.committed);
  int nothing = 0;
  with_warpgroup(instruction, where, nothing, [&](const Arguments<int>&) {
    if (groups == 0) queue.fenced = false;
    if (queue.finished >= wanted) return;
    Block* block = current().block;
    block->grid->add({block, product, [&queue, wanted] { finish(queue, wanted); }});
  });
  while (queue.finished < wanted)
    wait_for(queue.finished, instruction, where, [] { return std::string("products are under way"); });
}

}  // namespace gpubench::emulator
