#include <algorithm>
#include <charconv>
#include <cstring>
#include <iostream>
#include <stdexcept>
#include <string_view>

#include "harness/devices/cuda/emulator/global_memory.hpp"
#include "harness/devices/cuda/emulator/launch.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"

namespace gpubench::device_tests {
namespace {

std::vector<emulator::Schedule> schedules = emulator::usual_schedules();

/// `--schedule=in-step|first-ahead|last-ahead|random:SEED`: only this one, for a failure to be seen again.
/// `--seeds=N`: so many random ones. @throws std::invalid_argument for what cannot be understood
void read_option(std::string_view option) {
  constexpr std::string_view schedule = "--schedule=", seeds = "--seeds=";
  if (option.starts_with(schedule)) {
    schedules = {emulator::schedule_from(option.substr(schedule.size()))};
    return;
  }
  int count = 0;
  const std::string_view number = option.substr(std::min(seeds.size(), option.size()));
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
  if (!option.starts_with(seeds) || error != std::errc{} || end != number.data() + number.size() || count < 0)
    throw std::invalid_argument("there is no option '" + std::string(option) +
                                "': --schedule=NAME, --seeds=NUMBER, or GoogleTest's");
  schedules = emulator::usual_schedules(count);
}

class EmulatedMemory : public DeviceMemory {
 public:
  EmulatedMemory(const std::string& name, std::size_t bytes) : buffer_(name, bytes) {}
  void* data() const override { return buffer_.data(); }
  void write(const void* from, std::size_t bytes) override {
    if (bytes > 0) std::memcpy(buffer_.data(), from, bytes);
  }
  void read(void* to, std::size_t bytes) const override {
    if (bytes > 0) std::memcpy(to, buffer_.data(), bytes);
  }
  void forbid_writing() override { buffer_.forbid_writing(); }

 private:
  emulator::GlobalBuffer buffer_;
};

}  // namespace

std::string executor() { return "Emulated"; }

int compute_capability() { return 90; }

std::unique_ptr<DeviceMemory> allocate(const std::string& name, std::size_t bytes) {
  return std::make_unique<EmulatedMemory>(name, bytes);
}

std::size_t schedule_count() { return schedules.size(); }

void on_every_schedule(const std::function<void(const Device&)>& test) {
  for (const emulator::Schedule& schedule : schedules) {
    const std::string name = emulator::text(schedule);
    SCOPED_TRACE("schedule " + name + ": run it again with --schedule=" + name);
    const emulator::ScheduleScope scope(schedule);
    test(Device());
    if (testing::Test::HasFailure()) return;
  }
}

std::vector<std::string> caught(const std::function<std::string(const Device&)>& run) {
  std::vector<std::string> all;
  for (const emulator::Schedule& schedule : schedules) {
    const emulator::ScheduleScope scope(schedule);
    std::string wrong;
    try {
      wrong = run(Device());
    } catch (const emulator::Fault& fault) {
      wrong = fault.what();
    }
    if (!wrong.empty()) all.push_back(emulator::text(schedule) + ": " + wrong);
  }
  return all;
}

/// What main() does; here it reaches what is above.
int run_tests(int argc, char** argv) {
  const bool help = std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--help"; });
  testing::InitGoogleTest(&argc, argv);
  if (help) {
    std::cout << "\nSchedules of the emulator:\n"
                 "  --schedule=in-step|first-ahead|last-ahead|random:SEED\n      Only this one, for a failure to be "
                 "seen again.\n"
                 "  --seeds=NUMBER\n      So many random ones.\n";
    return 0;
  }
  try {
    for (int i = 1; i < argc; ++i) read_option(argv[i]);
  } catch (const std::invalid_argument& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  return RUN_ALL_TESTS();
}

}  // namespace gpubench::device_tests

int main(int argc, char** argv) { return gpubench::device_tests::run_tests(argc, argv); }
