#include "harness/devices/cuda/cuda_place.hpp"

#include <utility>

#include "harness/devices/cuda/check.hpp"

namespace gpubench::cuda {
namespace {

/// Numbers of multiprocessors have gaps, and those of a slice may be the whole GPU's.
constexpr int most_multiprocessors = 512;

}  // namespace

/// What a place takes when it is first used.
struct CudaPlace::Prepared {
  struct Member {
    explicit Member(const Participant& participant)
        : ordinal(participant.ordinal),
          memory(participant.ordinal),
          stream(participant.ordinal),
          done(participant.ordinal) {}
    int ordinal;
    Memory memory;
    OwnedStream stream;
    Event done;
    Memory::Block sweep{};  // taken when runs are first cold
  };

  explicit Prepared(const std::vector<Participant>& participants)
      : lead(participants.front()), readings(most_multiprocessors) {
    for (const Participant& one : participants) members.push_back(std::make_unique<Member>(one));
    const std::size_t bytes = readings.size() * sizeof(ClockReading);
    for (Memory::Block& block : device_readings) {
      block = members.front()->memory.take(bytes);
      fill(block.data(), 0, bytes);
    }
  }

  Stream stream() const { return members.front()->stream.get(); }

  Event& mark(std::size_t number) {
    while (marks.size() <= number) marks.emplace_back(lead.ordinal);
    return marks[number];
  }

  /// The first participant passes the mark when all have come to it, and all go on from it.
  void pass(Event& mark) {
    for (std::size_t i = 1; i < members.size(); ++i) {
      members[i]->done.record(members[i]->stream.get());
      members[i]->done.hold_back(stream());
    }
    mark.record(stream());
    for (std::size_t i = 1; i < members.size(); ++i) mark.hold_back(members[i]->stream.get());
  }

  void prepare_to_sweep(const std::vector<Participant>& participants) {
    for (std::size_t i = 0; i < members.size(); ++i)
      if (Member& member = *members[i]; !member.sweep.data())
        member.sweep = member.memory.take(sweep_bytes(participants[i].l2_bytes));
  }
  /// Neither operands nor results are left in them.
  void sweep_caches() {
    for (const auto& member : members) {
      use_device(member->ordinal);
      check(cudaMemsetAsync(member->sweep.data(), 0, member->sweep.bytes(), member->stream.get()), "cudaMemsetAsync");
    }
  }

  std::optional<double> clock() {
    const std::size_t bytes = readings.size() * sizeof(ClockReading);
    std::vector<ClockReading> later(readings.size());
    copy_to_host(stream(), readings.data(), device_readings[0].data(), bytes);
    copy_to_host(stream(), later.data(), device_readings[1].data(), bytes);
    return clock_between(readings, later);
  }

  Participant lead;
  std::vector<std::unique_ptr<Member>> members{};
  std::vector<Event> marks{};
  std::vector<ClockReading> readings;
  Memory::Block device_readings[2]{};  // before and after a block
};

CudaPlace::CudaPlace(std::string name, std::vector<Participant> participants, std::function<void(double)> on_clock)
    : name_(std::move(name)), participants_(std::move(participants)), on_clock_(std::move(on_clock)) {}

CudaPlace::~CudaPlace() = default;

CudaPlace::Prepared& CudaPlace::prepared() {
  if (!prepared_) prepared_ = std::make_unique<Prepared>(participants_);
  return *prepared_;
}

Stream CudaPlace::stream(std::size_t participant) {
  const Stream stream = prepared().members.at(participant)->stream.get();
  use_device(participants_[participant].ordinal);
  return stream;
}

std::vector<double> CudaPlace::time(Kernel& kernel, int runs, int samples) {
  Prepared& place = prepared();
  const auto count = static_cast<std::size_t>(samples);
  const bool cold = kernel.runs_cold();
  const auto read = [&](int which) {
    use_device(place.lead.ordinal);
    read_clocks(place.stream(),
                place.device_readings[which].as<ClockReading>(),
                place.lead.multiprocessors,
                most_multiprocessors);
  };
  cudaGetLastError();     // what a destructor was told is not this block's
  place.mark(2 * count);  // made before the first is recorded: making one may wait for the device
  if (cold) place.prepare_to_sweep(participants_);
  use_device(place.lead.ordinal);
  for (const Memory::Block& block : place.device_readings)  // one that is not read this time shall not look as if
    check(cudaMemsetAsync(block.data(), 0, block.bytes(), place.stream()), "cudaMemsetAsync");
  read(0);
  if (!cold) place.pass(place.mark(0));
  for (std::size_t i = 0; i < count; ++i) {
    if (cold) {
      place.sweep_caches();
      place.pass(place.mark(2 * i));
    }
    kernel.enqueue(runs);
    place.pass(place.mark(cold ? 2 * i + 1 : i + 1));
  }
  read(1);
  for (const auto& member : place.members) member->stream.wait();
  check(cudaGetLastError(), "a kernel");  // a launch that was refused says so only here

  std::vector<double> seconds;
  for (std::size_t i = 0; i < count; ++i)
    seconds.push_back((cold ? place.mark(2 * i + 1).seconds_since(place.mark(2 * i))
                            : place.mark(i + 1).seconds_since(place.mark(i))) /
                      runs);
  if (const auto clock = place.clock()) on_clock_(*clock);
  return seconds;
}

}  // namespace gpubench::cuda
