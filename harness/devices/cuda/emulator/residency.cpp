#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/grid.hpp"
#include "harness/devices/cuda/emulator/report.hpp"

// Which blocks are resident: how their threads begin, and what they must not leave behind.

namespace gpubench::emulator {
namespace {

// Stacks are expensive to make and last for all launches.
std::vector<std::unique_ptr<Thread>>& spare_threads() {
  static std::vector<std::unique_ptr<Thread>> spare;
  return spare;
}

std::unique_ptr<Thread> take_thread() {
  if (spare_threads().empty()) return std::make_unique<Thread>();
  auto thread = std::move(spare_threads().back());
  spare_threads().pop_back();
  return thread;
}

unsigned count(const dim3& size) { return size.x * size.y * size.z; }

uint3 index_in(const dim3& size, unsigned linear) {
  return {linear % size.x, linear / size.x % size.y, linear / (size.x * size.y)};
}

/// What a thread must not leave behind. @throws Fault
void check_return(const Thread& thread) {
  unsigned under_way = 0;
  for (const BulkStores::Group& group : thread.stores.groups) under_way += group.to_read;
  const std::string who = position_of(thread), again = how_to_repeat(thread.block->grid->schedule());
  if (under_way > 0)
    throw Fault(
        fmt::format("{}: it returns and has not waited for {} bulk stores: the memory that they read may be gone{}",
                    who,
                    under_way,
                    again));
  if (thread.arrived_at_cluster)
    throw Fault(fmt::format("{}: it returns after barrier.cluster.arrive without the wait{}", who, again));
}

void run_body(void* argument) {
  Thread& thread = *static_cast<Thread*>(argument);
  try {
    thread.block->grid->body()();
    check_return(thread);
  } catch (...) {
    thread.fault = std::current_exception();
  }
  thread.returned = true;
}

}  // namespace

// Threads that stopped in the middle keep their stacks for the next launch; nothing of them is unwound.
Block::~Block() {
  for (auto& thread : threads) spare_threads().push_back(std::move(thread));
}

void Grid::admit() {
  const std::size_t at_once = shape_.cooperative                           ? waiting_clusters_.size() + clusters_.size()
                              : schedule_.order == Schedule::Order::random ? 2
                                                                           : 1;
  const unsigned threads = count(shape_.block);
  while (!waiting_clusters_.empty() && clusters_.size() < at_once) {
    const unsigned first = waiting_clusters_.back() * shape_.cluster;
    waiting_clusters_.pop_back();
    Cluster& cluster = *clusters_.emplace_back(std::make_unique<Cluster>());
    for (unsigned rank = 0; rank < shape_.cluster; ++rank) {
      const auto free = std::find_if(blocks_.begin(), blocks_.end(), [](const auto& one) { return !one->resident; });
      Block& block =
          free != blocks_.end() ? **free : *blocks_.emplace_back(std::make_unique<Block>(shape_.shared_bytes));
      block.grid = this;
      block.index = index_in(shape_.grid, first + rank);
      block.rank = rank;
      block.shared.fill_with_poison();
      block.phase_barriers.clear();
      block.barriers = {};
      block.warps.assign((threads + 31) / 32, {});
      block.warpgroups.assign(threads / 128, {});
      block.cluster_barrier = &cluster.barrier;
      block.alive = threads;
      // What the compiler may give each thread of such a block, in steps of 8.
      const unsigned registers = std::min(65536 / std::max(threads, 1U) / 8 * 8, 255U);
      for (Warpgroup& group : block.warpgroups) group.registers = registers;
      block.free_registers = 0;
      block.fenced = block.loaded = false;
      block.resident = true;
      while (block.threads.size() < threads) block.threads.push_back(take_thread());
      for (unsigned linear = 0; linear < threads; ++linear) {
        Thread& thread = *block.threads[linear];
        thread.block = &block;
        thread.linear = linear;
        thread.index = index_in(shape_.block, linear);
        thread.wait = {};
        thread.copies = {};
        thread.stores = {};
        thread.arrived_at_cluster = false;
        ++thread.launched;
        thread.fault = nullptr;
        thread.returned = false;
        thread.fiber.start(run_body, &thread);
      }
      for (unsigned warp = 0; warp < block.warps.size(); ++warp) warps_.push_back({&block, warp});
      cluster.blocks.push_back(&block);
    }
    for (Block* block : cluster.blocks) block->cluster = cluster.blocks;
  }
}

void Grid::retire() {
  const auto ended = [this](const std::unique_ptr<Cluster>& cluster) {
    const auto alive = [](const Block* block) { return block->alive > 0; };
    if (std::any_of(cluster->blocks.begin(), cluster->blocks.end(), alive)) return false;
    for (Block* block : cluster->blocks) {
      block->resident = false;
      check_end(*block);
      std::erase_if(warps_, [&](const WarpOf& warp) { return warp.block == block; });
    }
    return true;
  };
  if (std::erase_if(clusters_, ended) > 0) turn_ = 0;
}

void Grid::check_end(const Block& block) const {
  for (const Transfer& transfer : transfers_)
    if (transfer.block == &block)
      throw Fault(fmt::format("kernel '{}', {}: it has ended while {} is still to land in its shared memory{}",
                              kernel_,
                              block_name(block.index),
                              transfer.what,
                              how_to_repeat(schedule_)));
  if (!block.shared.end_is_intact())
    throw Fault(fmt::format("kernel '{}', {}: it wrote behind the {} bytes of shared memory that the launch gives it{}",
                            kernel_,
                            block_name(block.index),
                            block.shared.bytes(),
                            how_to_repeat(schedule_)));
}

}  // namespace gpubench::emulator
