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

}  // namespace

Grid::Grid(std::string kernel, const GridShape& shape, const Schedule& schedule, std::function<void()> body)
    : kernel_(std::move(kernel)), shape_(shape), schedule_(schedule), body_(std::move(body)), random_(schedule.seed) {
  const unsigned clusters = shape.grid.x * shape.grid.y * shape.grid.z / shape.cluster;
  waiting_clusters_.resize(clusters);
  std::iota(waiting_clusters_.rbegin(), waiting_clusters_.rend(), 0U);
  if (schedule.order == Schedule::Order::last_ahead) std::reverse(waiting_clusters_.begin(), waiting_clusters_.end());
  if (schedule.order == Schedule::Order::random)
    std::shuffle(waiting_clusters_.begin(), waiting_clusters_.end(), random_);
}

bool Grid::chance(unsigned one_in) { return schedule_.order == Schedule::Order::random && random_() % one_in == 0; }

void Grid::run() {
  const MemoryFaults faults;  // they are caught while it lives
  for (admit(); !clusters_.empty(); admit()) {
    if (!step()) deadlock();
    retire();
  }
  while (land_one()) {  // stores that nobody waited for: the end of the kernel does
  }
  if (const auto overrun = overrun_buffer())
    throw Fault(
        fmt::format("kernel '{}' wrote closely before or behind '{}'{}", kernel_, *overrun, how_to_repeat(schedule_)));
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
