#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>
#include <vector_types.h>

#include "harness/devices/cuda/emulator/block.hpp"
#include "harness/devices/cuda/emulator/schedule.hpp"

namespace gpubench::emulator {

struct GridShape {
  dim3 grid{1, 1, 1}, block{1, 1, 1};
  std::size_t shared_bytes = 0;
  unsigned cluster = 1;      ///< blocks of a cluster, along x
  bool cooperative = false;  ///< all blocks are resident at once and may wait for each other
};

/// A bulk copy under way: it lands when the schedule says so, at the latest when nobody else can go on.
struct Transfer {
  Block* block = nullptr;  ///< whose shared memory it uses; null where it uses none
  std::string what{};
  std::function<void()> land{};
};

/// One launch: its blocks, as many as are resident at a time, and who runs next.
class Grid {
 public:
  /// @param body what each thread does
  Grid(std::string kernel, const GridShape& shape, const Schedule& schedule, std::function<void()> body);

  /// @throws Fault
  void run();

  const std::string& kernel() const { return kernel_; }
  const GridShape& shape() const { return shape_; }
  const Schedule& schedule() const { return schedule_; }
  const std::function<void()>& body() const { return body_; }
  void add(Transfer transfer) { transfers_.push_back(std::move(transfer)); }
  /// Something happened that others may have polled for.
  void note_progress() { vain_polls_ = 0; }
  /// True once in a while where the schedule is random.
  bool chance(unsigned one_in);

 private:
  struct Cluster {
    std::vector<Block*> blocks{};
    NamedBarrier barrier{};
  };
  struct WarpOf {
    Block* block;
    unsigned warp;
  };

  void admit();
  void retire();
  bool step();
  void run_warp(const WarpOf& warp);
  void run_thread(Thread& thread);
  bool can_run(const WarpOf& warp, bool polling) const;
  const WarpOf* choose(bool polling);
  bool land_one();
  [[noreturn]] void deadlock() const;
  void check_end(const Block& block) const;

  std::string kernel_;
  GridShape shape_;
  Schedule schedule_;
  std::function<void()> body_;
  std::mt19937_64 random_;
  std::vector<unsigned> waiting_clusters_{};      ///< the next one last
  std::vector<std::unique_ptr<Block>> blocks_{};  ///< resident, or free for the next
  std::vector<std::unique_ptr<Cluster>> clusters_{};
  std::vector<WarpOf> warps_{};  ///< of the resident blocks
  std::deque<Transfer> transfers_{};
  std::size_t turn_ = 0;     ///< the warp that runs
  unsigned stay_ = 0;        ///< how often it goes on before another is chosen
  unsigned vain_polls_ = 0;  ///< since anything else happened
};

}  // namespace gpubench::emulator
