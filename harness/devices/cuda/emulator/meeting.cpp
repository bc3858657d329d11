#include "harness/devices/cuda/emulator/meeting.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "harness/devices/cuda/emulator/report.hpp"

namespace gpubench::emulator {
namespace {

bool same_place(const Where& a, const Where& b) {
  return a.line == b.line && std::string_view(a.file) == std::string_view(b.file);
}

/// @param aligned all threads of the meeting have to come from the same place of the source
void join(Meeting& meeting, const char* instruction, const Where& where, unsigned place, void* argument, bool aligned) {
  if (meeting.instruction == nullptr) {
    meeting.instruction = instruction;
    meeting.where = where;
    meeting.arguments.fill(nullptr);
  } else if (std::string_view(meeting.instruction) != instruction || (aligned && !same_place(meeting.where, where))) {
    fail(instruction,
         where,
         fmt::format("other threads that have to execute it together with this one are at {} ({})",
                     meeting.instruction,
                     place_in_source(meeting.where)));
  }
  meeting.arguments[place] = argument;
  ++meeting.arrived;
}

std::string missing_lanes(const Meeting& meeting) {
  std::vector<unsigned> missing;
  for (unsigned lane = 0; lane < 32; ++lane)
    if ((meeting.mask >> lane & 1) != 0 && meeting.arguments[lane] == nullptr) missing.push_back(lane);
  return fmt::format("{} of {} lanes are there, without {}", meeting.arrived, meeting.expected, ranges(missing));
}

void refuse_returned_lanes(
    const Block& block, unsigned warp, std::uint32_t mask, const char* what, const Where& where) {
  for (unsigned lane = 0; lane < 32; ++lane) {
    if ((mask >> lane & 1) == 0) continue;
    const unsigned linear = warp * 32 + lane;
    if (linear >= block.threads.size())
      fail(what, where, fmt::format("lane {} is in the mask 0x{:08x}, and the block has no such thread", lane, mask));
    if (block.threads[linear]->returned)
      fail(what, where, fmt::format("lane {} is in the mask 0x{:08x}, and has returned from the kernel", lane, mask));
  }
}

}  // namespace

Meeting& arrive_in_warp(const char* instruction, const Where& where, std::uint32_t mask, void* argument, bool aligned) {
  Thread& thread = current();
  Warp& warp = thread.block->warps[thread.warp()];
  if ((mask >> thread.lane() & 1) == 0)
    fail(instruction, where, fmt::format("this lane ({}) is not in its own mask 0x{:08x}", thread.lane(), mask));
  Meeting* mine = nullptr;
  for (Meeting& meeting : warp.meetings)
    if (meeting.mask == mask) mine = &meeting;
  if (mine == nullptr) {
    // Threads wait at addresses of meetings: there is room for as many as a warp can be split into.
    if (warp.meetings.capacity() == 0) warp.meetings.reserve(32);
    const auto free = std::find_if(warp.meetings.begin(), warp.meetings.end(), [](const Meeting& meeting) {
      return meeting.instruction == nullptr;
    });
    mine = free != warp.meetings.end() ? &*free : &warp.meetings.emplace_back();
    mine->mask = mask;
    mine->expected = static_cast<unsigned>(std::popcount(mask));
  }
  if (mine->arrived == 0) refuse_returned_lanes(*thread.block, thread.warp(), mask, instruction, where);
  join(*mine, instruction, where, thread.lane(), argument, aligned);
  return *mine;
}

Meeting& arrive_in_warpgroup(const char* instruction, const Where& where, void* argument) {
  Thread& thread = current();
  const unsigned group = thread.linear / 128;
  if (group >= thread.block->warpgroups.size())
    fail(instruction, where, fmt::format("warp {} belongs to no warpgroup of four warps", thread.warp()));
  Meeting& meeting = thread.block->warpgroups[group].meeting;
  meeting.expected = 128;
  join(meeting, instruction, where, thread.linear % 128, argument, true);
  return meeting;
}

void wait_in(Meeting& meeting) {
  wait_for(meeting.generation, meeting.instruction, meeting.where, [&meeting] {
    return meeting.expected <= 32 ? missing_lanes(meeting)
                                  : fmt::format("{} of 128 threads of the warpgroup are there", meeting.arrived);
  });
}

void dissolve(Meeting& meeting) {
  meeting.instruction = nullptr;
  meeting.arrived = 0;
  ++meeting.generation;
}

namespace {

unsigned expected_at(const Block& block, unsigned threads) { return threads == 0 ? block.alive : threads; }

NamedBarrier& counted_in(const char* instruction, const Where& where, unsigned id, unsigned threads) {
  Block& block = *current().block;
  if (id >= block.barriers.size()) fail(instruction, where, fmt::format("there are barriers 0 to 15, not {}", id));
  if (threads % 32 != 0)
    fail(instruction, where, fmt::format("a barrier is for whole warps, not for {} threads", threads));
  if (threads > block.threads.size())
    fail(instruction, where, fmt::format("it waits for {} threads, the block has {}", threads, block.threads.size()));
  NamedBarrier& barrier = block.barriers[id];
  if (barrier.arrived > 0 && barrier.expected != threads)
    fail(instruction,
         where,
         fmt::format("barrier {} is for {} threads here and for {} where others wait", id, threads, barrier.expected));
  const auto [first, is_first] = barrier.places.try_emplace(current().warp(), where);
  if (!is_first && !same_place(first->second, where))
    fail(instruction,
         where,
         fmt::format("a warp comes to a barrier as one: another lane of this one is there from {}",
                     place_in_source(first->second)));
  barrier.expected = threads;
  ++barrier.arrived;
  return barrier;
}

bool released(Block& block, NamedBarrier& barrier) {
  if (barrier.arrived < expected_at(block, barrier.expected)) return false;
  barrier.arrived = 0;
  barrier.places.clear();
  ++barrier.generation;
  return true;
}

}  // namespace

void block_barrier(const char* instruction, const Where& where, unsigned id, unsigned threads) {
  Block& block = *current().block;
  NamedBarrier& barrier = counted_in(instruction, where, id, threads);
  if (released(block, barrier)) return;
  wait_for(barrier.generation, instruction, where, [&block, &barrier, id] {
    return fmt::format(
        "barrier {}: {} of {} threads are there", id, barrier.arrived, expected_at(block, barrier.expected));
  });
}

void arrive_at_block_barrier(const Where& where, unsigned id, unsigned threads) {
  if (threads == 0) fail("bar.arrive", where, "it needs the number of threads");
  released(*current().block, counted_in("bar.arrive", where, id, threads));
}

void leave_block_barriers(Block& block) {
  for (NamedBarrier& barrier : block.barriers)
    if (barrier.arrived > 0 && barrier.expected == 0) released(block, barrier);
}

}  // namespace gpubench::emulator
