#include "harness/devices/cuda/emulator/grid.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/cluster.hpp"
#include "harness/devices/cuda/emulator/global_memory.hpp"
#include "harness/devices/cuda/emulator/meeting.hpp"
#include "harness/devices/cuda/emulator/memory_fault.hpp"
#include "harness/devices/cuda/emulator/report.hpp"

namespace gpubench::emulator {
namespace {

constexpr unsigned most_vain_polls = 100'000;

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

Grid::Grid(std::string kernel, const GridShape& shape, const Schedule& schedule, std::function<void()> body)
    : kernel_(std::move(kernel)), shape_(shape), schedule_(schedule), body_(std::move(body)), random_(schedule.seed) {
  const unsigned clusters = count(shape.grid) / shape.cluster;
  waiting_clusters_.resize(clusters);
  std::iota(waiting_clusters_.rbegin(), waiting_clusters_.rend(), 0U);
  if (schedule.order == Schedule::Order::last_ahead) std::reverse(waiting_clusters_.begin(), waiting_clusters_.end());
  if (schedule.order == Schedule::Order::random)
    std::shuffle(waiting_clusters_.begin(), waiting_clusters_.end(), random_);
}

bool Grid::chance(unsigned one_in) { return schedule_.order == Schedule::Order::random && random_() % one_in == 0; }

void Grid::run() {
  const MemoryFaults faults;  // they are caught while it lives
  try {
    for (admit(); !clusters_.empty(); admit()) {
      if (!step()) deadlock();
      retire();
    }
    while (land_one()) {  // stores that nobody waited for: the end of the kernel does
    }
  } catch (...) {
    // Threads that stopped in the middle keep their stacks for the next launch; nothing of them is unwound.
    for (auto& block : blocks_)
      for (auto& thread : block->threads) spare_threads().push_back(std::move(thread));
    throw;
  }
  for (auto& block : blocks_)
    for (auto& thread : block->threads) spare_threads().push_back(std::move(thread));
  if (const auto overrun = overrun_buffer())
    throw Fault(fmt::format("kernel '{}' wrote behind the end of '{}'{}", kernel_, *overrun, how_to_repeat(schedule_)));
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

bool Grid::can_run(const WarpOf& warp, bool polling) const {
  if (warp.block->alive == 0) return false;
  const std::size_t end = std::min<std::size_t>(warp.block->threads.size(), (warp.warp + 1) * 32);
  for (std::size_t at = warp.warp * 32; at < end; ++at) {
    const Thread& thread = *warp.block->threads[at];
    if (!thread.returned && thread.wait.over() && thread.wait.polling == polling) return true;
  }
  return false;
}

const Grid::WarpOf* Grid::choose(bool polling) {
  const std::size_t size = warps_.size();
  const bool random = schedule_.order == Schedule::Order::random;
  if (random && stay_ > 0 && turn_ < size && can_run(warps_[turn_], polling)) {
    --stay_;
    return &warps_[turn_];
  }
  stay_ = random && random_() % 4 != 0 ? static_cast<unsigned>(random_() % 40) : 0;
  std::size_t from = turn_ + 1;  // polls are in turn in any order, so that each gets its answer
  bool backwards = false;
  if (random) from = random_() % size;
  if (!polling && schedule_.order == Schedule::Order::first_ahead) from = 0;
  if (!polling && schedule_.order == Schedule::Order::last_ahead) from = size - 1, backwards = true;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = backwards ? from - i : (from + i) % size;
    if (!can_run(warps_[at], polling)) continue;
    turn_ = at;
    return &warps_[at];
  }
  return nullptr;
}

bool Grid::step() {
  if (!transfers_.empty() && chance(8) && land_one()) return true;
  if (chance(16))
    if (const WarpOf* warp = choose(true)) return run_warp(*warp), true;
  if (const WarpOf* warp = choose(false)) {
    vain_polls_ = 0;
    run_warp(*warp);
    return true;
  }
  // Who polls asks once before a copy lands: it may believe that this has happened.
  const bool all_have_asked = vain_polls_ >= warps_.size();
  if (all_have_asked && land_one()) return true;
  const WarpOf* warp = ++vain_polls_ < most_vain_polls ? choose(true) : nullptr;
  if (warp == nullptr) return land_one();
  run_warp(*warp);
  return true;
}

bool Grid::land_one() {
  if (transfers_.empty()) return false;
  // Copies of different barriers overtake each other.
  const std::size_t which = schedule_.order == Schedule::Order::random ? random_() % transfers_.size() : 0;
  const Transfer transfer = std::move(transfers_[which]);
  transfers_.erase(transfers_.begin() + static_cast<std::ptrdiff_t>(which));
  if (transfer.block != nullptr && transfer.block->alive == 0)
    throw Fault(fmt::format("kernel '{}': {} comes to {}, which has ended{}",
                            kernel_,
                            transfer.what,
                            block_name(transfer.block->index),
                            how_to_repeat(schedule_)));
  transfer.land();
  vain_polls_ = 0;
  return true;
}

void Grid::run_warp(const WarpOf& warp) {
  const std::vector<std::unique_ptr<Thread>>& threads = warp.block->threads;
  const std::size_t first = warp.warp * 32, lanes = std::min<std::size_t>(threads.size() - first, 32);
  const std::size_t shift = schedule_.order == Schedule::Order::random ? random_() % lanes : 0;
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::size_t lane = schedule_.order == Schedule::Order::last_ahead ? lanes - 1 - i : (i + shift) % lanes;
    Thread& thread = *threads[first + lane];
    if (!thread.returned && thread.wait.over()) run_thread(thread);
  }
}

void Grid::run_thread(Thread& thread) {
  thread.wait = {};
  MemoryFaults::enter(thread);
  thread.fiber.resume();
  if (const auto fault = MemoryFaults::leave()) throw Fault(*fault);
  if (thread.fault) std::rethrow_exception(thread.fault);
  if (!thread.returned) return;
  --thread.block->alive;
  leave_block_barriers(*thread.block);
  leave_cluster_barrier(*thread.block);
}

void Grid::deadlock() const {
  std::vector<const Block*> resident;
  for (const auto& cluster : clusters_) resident.insert(resident.end(), cluster->blocks.begin(), cluster->blocks.end());
  throw Fault(deadlock_report(kernel_, resident, vain_polls_ >= most_vain_polls) + how_to_repeat(schedule_));
}

}  // namespace gpubench::emulator
