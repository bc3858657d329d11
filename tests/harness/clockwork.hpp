#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/device.hpp"

namespace gpubench {

/// Does nothing, rightly.
class Nothing : public Kernel {
 public:
  double memory_bytes() const override { return 0; }
  void allocate(Progress&) override {}
  void enqueue(int) override {}
  Verification verify(bool, Progress&) override { return {.scope = "full", .against = "nothing"}; }
};

/// A device on which a run takes exactly as long as it is told.
class Clockwork : public Device, public Place {
 public:
  explicit Clockwork(double seconds) : seconds_(seconds) {}

  std::optional<Ceiling> most{};        ///< what ceiling() gives
  std::optional<Ceiling> can{};         ///< what silicon() gives
  std::vector<Watch::Seen> windows{};   ///< what watches see, one after another; then nothing
  std::vector<Condition> conditions{};  ///< likewise; then the last of them again
  double spent = 0;                     ///< seconds of all runs

  std::vector<double> time(Kernel&, int runs, int samples) override {
    spent += seconds_ * runs * samples;
    return std::vector(static_cast<std::size_t>(samples), seconds_);
  }

  std::string name() const override { return "clockwork"; }
  DeviceInfo info() const override { return {}; }
  const Catalog& catalog() const override { return catalog_; }
  Place& place() override { return *this; }
  double available_memory() const override { return 1e9; }
  std::optional<double> peak_memory() const override { return std::nullopt; }
  void reset_peak_memory() override {}
  double cpu_seconds() const override { return 0; }
  std::optional<Ceiling> ceiling(const std::string&) override { return most; }
  std::optional<Ceiling> silicon(const std::string&, const Watch::Seen&) const override { return can; }
  std::unique_ptr<Watch> watch() override {
    struct Told : Watch {
      explicit Told(Seen told) : seen(std::move(told)) {}
      Seen stop() override { return seen; }
      Seen seen;
    };
    return std::make_unique<Told>(watched_ < windows.size() ? windows[watched_++] : Watch::Seen{});
  }
  std::optional<Condition> condition() override {
    if (conditions.empty()) return std::nullopt;
    return conditions[std::min(asked_++, conditions.size() - 1)];
  }

 private:
  double seconds_;
  std::size_t watched_ = 0, asked_ = 0;
  Catalog catalog_;
};

}  // namespace gpubench
