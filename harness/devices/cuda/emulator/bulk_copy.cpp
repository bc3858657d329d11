#include "harness/devices/cuda/emulator/bulk_copy.hpp"

#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/global_memory.hpp"
#include "harness/devices/cuda/emulator/grid.hpp"
#include "harness/devices/cuda/emulator/phase_barrier.hpp"
#include "harness/devices/cuda/emulator/shared_access.hpp"
#include "harness/devices/cuda/emulator/swizzle.hpp"
#include "harness/devices/cuda/emulator/tensor_image.hpp"

namespace gpubench::emulator {
namespace {

constexpr const char* load = "cp.async.bulk.shared::cluster.global";
constexpr const char* store = "cp.async.bulk.global.shared::cta";
constexpr const char* tensor_load = "cp.async.bulk.tensor.shared::cluster.global";
constexpr const char* tensor_store = "cp.async.bulk.tensor.global.shared::cta";

void check_bulk(const char* instruction, const Where& where, const void* global, std::uint32_t bytes) {
  if (bytes == 0 || bytes % 16 != 0) fail(instruction, where, fmt::format("{} bytes: a multiple of 16", bytes));
  if (reinterpret_cast<std::uintptr_t>(global) % 16 != 0)
    fail(instruction, where, fmt::format("not a multiple of 16: {}", place_of(global)));
  if (const auto reason = why_not_accessible(global, bytes)) fail(instruction, where, *reason);
}

TensorImage image_of(const char* instruction, const Where& where, const CUtensorMap* map, std::uint32_t rank) {
  TensorImage image;
  std::memcpy(&image, map, sizeof image);
  if (image.mark != TensorImage::expected_mark) fail(instruction, where, "the operand is no tensor map");
  if (image.rank != rank)
    fail(instruction, where, fmt::format("{} coordinates for a tensor of {} dimensions", rank, int{image.rank}));
  return image;
}

/// Calls `visit(offset in the tile, address of the element or null where it is outside of the array)` for each element.
void for_each_element(const TensorImage& image,
                      const Coordinates& at,
                      const std::function<void(std::uint32_t, unsigned char*)>& visit) {
  const std::uint32_t elements = image.tile_bytes() / image.bytes_of_element;
  for (std::uint32_t element = 0; element < elements; ++element) {
    std::uint32_t rest = element;
    std::uint64_t offset = 0;
    bool inside = true;
    for (std::uint32_t i = 0; i < image.rank; ++i) {
      const std::int64_t index = std::int64_t{at[i]} + rest % image.tile[i];
      rest /= image.tile[i];
      inside = inside && index >= 0 && static_cast<std::uint64_t>(index) < image.size(i);
      offset += static_cast<std::uint64_t>(index) * image.stride(i);
    }
    visit(element * image.bytes_of_element, inside ? const_cast<unsigned char*>(image.base) + offset : nullptr);
  }
}

/// The last element of the array as well, so that a map with wrong sizes or strides is found before it is used.
void check_tensor(const char* instruction, const Where& where, const TensorImage& image) {
  std::uint64_t last = 0;
  for (std::uint32_t i = 0; i < image.rank; ++i) last += (image.size(i) - 1) * image.stride(i);
  for (const unsigned char* element : {image.base, image.base + last})
    if (const auto reason = why_not_accessible(element, image.bytes_of_element))
      fail(instruction, where, "the tensor map covers " + *reason);
}

/// A store in two steps: `read` gives the bytes of shared memory, `write` puts them where they belong.
void add_store(const char* what,
               std::function<std::vector<unsigned char>()> read,
               std::function<void(const std::vector<unsigned char>&)> write) {
  Thread& thread = current();
  Grid& grid = *thread.block->grid;
  ++thread.stores.groups.back().to_read;
  ++thread.stores.groups.back().to_write;
  // Groups are removed from the front when they are waited for: a group is found by its number from the beginning.
  const std::uint64_t number = thread.stores.first_group + thread.stores.groups.size() - 1;
  const std::uint64_t launched = thread.launched;
  const auto group = [&thread, number, launched]() -> BulkStores::Group* {
    const bool waited_for = thread.launched != launched || number < thread.stores.first_group;
    return waited_for ? nullptr : &thread.stores.groups[number - thread.stores.first_group];
  };
  const auto land_read = [=, &thread, &grid, read = std::move(read), write = std::move(write)] {
    auto bytes = std::make_shared<std::vector<unsigned char>>(read());
    --group()->to_read;  // whoever returns has waited for it
    ++thread.stores.progress;
    grid.add({nullptr, what, [=, &thread] {
                write(*bytes);
                if (BulkStores::Group* mine = group()) --mine->to_write;
                ++thread.stores.progress;
              }});
  };
  grid.add({thread.block, what, land_read});
}

void check_fenced(const char* instruction, const Where& where) {
  if (!current().block->fenced)
    fail(instruction,
         where,
         "no thread of the block has executed fence.proxy.async: the copy may read what was there before");
}

}  // namespace

void issue_bulk_load(
    const Where& where, std::uint32_t to, const void* from, std::uint32_t bytes, std::uint32_t barrier) {
  maybe_yield();
  check_bulk(load, where, from, bytes);
  unsigned char* destination = shared_pointer(load, where, to, bytes, 16);
  Block& block = block_at(load, where, to);
  PhaseBarrier& counted = barrier_at(load, where, block, offset_in_window(barrier));
  check_announced(load, where, counted);
  std::memset(destination, poison, bytes);
  current().block->grid->add({&block, load, [=, &block, &counted] {
                                block.loaded = true;
                                std::memcpy(destination, from, bytes);
                                complete_bytes(counted, bytes);
                              }});
}

void issue_bulk_store(const Where& where, void* to, std::uint32_t from, std::uint32_t bytes) {
  maybe_yield();
  check_bulk(store, where, to, bytes);
  check_fenced(store, where);
  const unsigned char* source = shared_pointer(store, where, from, bytes, 16);
  add_store(
      store,
      [=] { return std::vector<unsigned char>(source, source + bytes); },
      [=](const std::vector<unsigned char>& read) { std::memcpy(to, read.data(), bytes); });
}

void issue_tensor_load(const Where& where,
                       std::uint32_t to,
                       const CUtensorMap* map,
                       std::uint32_t rank,
                       const Coordinates& at,
                       std::uint32_t barrier,
                       std::uint16_t blocks) {
  maybe_yield();
  const TensorImage image = image_of(tensor_load, where, map, rank);
  check_tensor(tensor_load, where, image);
  Block& own = *current().block;
  const std::uint32_t bytes = image.tile_bytes();
  for (unsigned other = 0; other < own.cluster.size(); ++other) {
    const bool meant = blocks == 0 ? other == own.rank : (blocks >> other & 1) != 0;
    if (!meant) continue;
    Block& block = *own.cluster[other];
    const std::uint32_t there = address_in_rank(where, to, other);
    // The pattern of a swizzle repeats after eight rows; the copy itself wants 128 bytes.
    unsigned char* destination = shared_pointer(tensor_load, where, there, bytes, 128);
    PhaseBarrier& counted = barrier_at(tensor_load, where, block, offset_in_window(barrier));
    check_announced(tensor_load, where, counted);
    std::memset(destination, poison, bytes);
    own.grid->add({&block, tensor_load, [image, at, to = offset_in_window(to), bytes, &block, &counted] {
                     for_each_element(image, at, [&](std::uint32_t offset, const unsigned char* element) {
                       unsigned char* target =
                           block.shared.data() + swizzled(to + offset, image.swizzle) - SharedMemory::window;
                       if (element != nullptr)
                         std::memcpy(target, element, image.bytes_of_element);
                       else
                         std::memset(target, 0, image.bytes_of_element);
                     });
                     block.loaded = true;
                     complete_bytes(counted, bytes);
                   }});
  }
  if (blocks >> own.cluster.size() != 0)
    fail(tensor_load, where, fmt::format("blocks 0b{:b} in a cluster of {}", blocks, own.cluster.size()));
}

void issue_tensor_store(
    const Where& where, const CUtensorMap* map, std::uint32_t rank, const Coordinates& at, std::uint32_t from) {
  maybe_yield();
  const TensorImage image = image_of(tensor_store, where, map, rank);
  check_tensor(tensor_store, where, image);
  check_fenced(tensor_store, where);
  shared_pointer(tensor_store, where, from, image.tile_bytes(), 128);
  const unsigned char* shared = current().block->shared.data();
  const auto read = [image, from, shared] {
    std::vector<unsigned char> bytes(image.tile_bytes());
    for (std::uint32_t offset = 0; offset < bytes.size(); ++offset)
      bytes[offset] = shared[swizzled(from + offset, image.swizzle) - SharedMemory::window];
    return bytes;
  };
  add_store(tensor_store, read, [image, at](const std::vector<unsigned char>& bytes) {
    for_each_element(image, at, [&](std::uint32_t offset, unsigned char* element) {
      if (element != nullptr) std::memcpy(element, &bytes[offset], image.bytes_of_element);
    });
  });
}

void commit_bulk_stores() { current().stores.groups.emplace_back(); }

void wait_for_bulk_stores(const Where& where, unsigned groups, bool only_reads) {
  BulkStores& stores = current().stores;
  maybe_yield();
  const auto under_way = [&] {
    unsigned count = 0;
    for (std::size_t i = 0; i + groups + 1 < stores.groups.size(); ++i)
      count += only_reads ? stores.groups[i].to_read : stores.groups[i].to_write;
    return count;
  };
  while (under_way() > 0)
    wait_for(stores.progress, "cp.async.bulk.wait_group", where, [&] {
      return fmt::format("{} stores under way", under_way());
    });
  while (stores.groups.size() > groups + 1 && stores.groups.front().to_write == 0) {
    stores.groups.pop_front();
    ++stores.first_group;
  }
}

void fence_for_bulk_copies() { current().block->fenced = true; }

}  // namespace gpubench::emulator
