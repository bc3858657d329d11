#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>
#include <vector_types.h>

#include "harness/devices/cuda/emulator/fault.hpp"
#include "harness/devices/cuda/emulator/fiber.hpp"
#include "harness/devices/cuda/emulator/shared_memory.hpp"

namespace gpubench::emulator {

struct Block;
class Grid;

/// What a thread waits for: a count that somebody else moves on. So a thread that cannot go on is never tried in vain,
/// and a kernel that cannot go on is known at once.
struct Wait {
  const std::uint64_t* generation = nullptr;  ///< waits while this is `seen`; null: for nothing
  std::uint64_t seen = 0;
  bool polling = false;  ///< asks again and again for what the emulator does not know of: a flag in memory
  const char* instruction = "";
  Where where{};
  std::function<std::string()> state{};  ///< how far it is, for the report of a deadlock

  bool over() const { return generation == nullptr || *generation != seen; }
};

/// cp.async of one thread: groups in the order of their commits, the last one still open.
struct CopyGroups {
  struct Copy {
    unsigned char* to;
    const void* from;
    unsigned bytes, valid;  ///< the rest is written as zeros
  };
  std::deque<std::vector<Copy>> groups{{}};
};

/// Bulk stores of one thread, by committed group, the open one last: how many have still to read shared memory, and to
/// write global memory.
struct BulkStores {
  struct Group {
    unsigned to_read = 0, to_write = 0;
  };
  std::deque<Group> groups{{}};
  std::uint64_t first_group = 0;  ///< the number of the first of `groups`, from the beginning
  std::uint64_t progress = 0;     ///< moves on with each read and each write
};

struct Thread {
  Fiber fiber{};
  uint3 index{};
  unsigned linear = 0;
  Block* block = nullptr;
  Wait wait{};
  bool returned = true;
  std::exception_ptr fault{};
  CopyGroups copies{};
  BulkStores stores{};
  std::uint64_t launched = 0;  ///< threads that this one has been: copies outlive them
  bool arrived_at_cluster = false;
  std::uint64_t cluster_generation = 0;  ///< at that arrival

  unsigned lane() const { return linear % 32; }
  unsigned warp() const { return linear / 32; }
};

/// Threads that execute one instruction together; the last to arrive does it for all.
struct Meeting {
  const char* instruction = nullptr;  ///< null: nobody is here
  Where where{};
  std::uint32_t mask = 0;  ///< lanes that have to come, where it is a warp's
  unsigned expected = 0, arrived = 0;
  std::uint64_t generation = 0;
  std::array<void*, 128> arguments{};  ///< by lane or, for a warpgroup, by thread of it; null: not here
};

/// bar.sync and bar.arrive.
struct NamedBarrier {
  std::map<unsigned, Where> places{};  ///< by warp: where its first lane came from
  unsigned expected = 0, arrived = 0;
  std::uint64_t generation = 0;
};

/// The state of an mbarrier. In shared memory stands only a mark, so that a kernel that overwrites one is found out.
struct PhaseBarrier {
  std::int64_t count = 0;              ///< arrivals that complete a phase
  std::int64_t pending = 0;            ///< arrivals that are missing
  std::int64_t bytes_outstanding = 0;  ///< announced and not yet arrived; negative: the other way round
  std::uint64_t phase = 0;             ///< phases completed
  bool announced = false;              ///< by fence.mbarrier_init, to copies and to other blocks
};

/// wgmma: what a warpgroup has issued and not yet seen finished.
struct MatrixQueue {
  std::deque<std::vector<std::function<void()>>> groups{{}};  ///< by commit, the last one still open
  std::uint64_t committed = 0, finished = 0;                  ///< groups, from the beginning
  std::map<float*, std::vector<float>> accumulators{};  ///< of products under way; the registers hold NaN meanwhile
  std::map<float*, unsigned> products{};                ///< under way, by accumulator
  bool fenced = false;                                  ///< wgmma.fence since the registers were last free for use
};

struct Warp {
  std::vector<Meeting> meetings{};  ///< more than one where masks split the warp
};
struct Warpgroup {
  Meeting meeting{};
  MatrixQueue products{};
  unsigned registers = 0;  ///< of each thread, as setmaxnreg left them
};

struct Block {
  Grid* grid = nullptr;
  uint3 index{};
  unsigned rank = 0;  ///< in its cluster
  std::vector<Block*> cluster{};
  std::vector<std::unique_ptr<Thread>> threads{};
  std::vector<Warp> warps{};
  std::vector<Warpgroup> warpgroups{};
  std::array<NamedBarrier, 16> barriers{};
  NamedBarrier* cluster_barrier = nullptr;
  std::map<std::uint32_t, PhaseBarrier> phase_barriers{};  ///< by shared address
  SharedMemory shared;
  unsigned alive = 0;
  bool resident = false;  ///< not yet retired; ended where nobody is alive
  bool fenced = false;    ///< some thread has executed fence.proxy.async
  bool loaded = false;    ///< some bulk copy has landed here
  std::int64_t free_registers = 0;
  std::uint64_t registers_freed = 0;  ///< moves on when setmaxnreg gives some back

  explicit Block(std::size_t shared_bytes) : shared(shared_bytes) {}
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block();
};

/// The thread that runs; null between threads and outside of kernels.
inline Thread* running_thread = nullptr;

/// The same. @throws std::logic_error where none runs
Thread& current();

/// `kernel 'scale<float>', block (1,0,0), thread (33,0,0)`
std::string position_of(const Thread& thread);

/// Gives the others a turn until `wait` is over. @param state see Wait
void wait_for(const std::uint64_t& generation,
              const char* instruction,
              const Where& where,
              std::function<std::string()> state);

/// Gives the others a turn: what this thread asked for is not there yet.
void poll(const char* instruction, const Where& where);

/// Between two accesses to memory: where the schedule is random, others may come in between.
void maybe_yield();

}  // namespace gpubench::emulator
