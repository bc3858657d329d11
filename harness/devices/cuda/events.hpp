#pragma once

#include "harness/devices/cuda/stream.hpp"

struct CUevent_st;

namespace gpubench::cuda {

/// Makes a device the one that this thread's next calls are for.
void use_device(int ordinal);

/// A queue of its own, that waits for no other.
class OwnedStream {
 public:
  explicit OwnedStream(int ordinal);
  OwnedStream(const OwnedStream&) = delete;
  OwnedStream(OwnedStream&&) = delete;
  OwnedStream& operator=(const OwnedStream&) = delete;
  OwnedStream& operator=(OwnedStream&&) = delete;
  ~OwnedStream();

  Stream get() const { return stream_; }
  /// Returns when everything enqueued has ended. @throws DeviceLost for a kernel that failed
  void wait() const;

 private:
  int ordinal_;
  Stream stream_ = nullptr;
};

/// A mark in a stream, with the device's time when it was passed (resolution about half a microsecond).
class Event {
 public:
  explicit Event(int ordinal);
  Event(Event&& other) noexcept;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  Event& operator=(Event&&) = delete;
  ~Event();

  void record(Stream stream);
  /// Returns when it has been passed. @throws DeviceLost for a kernel that failed
  void wait() const;
  /// What is enqueued next on `stream`, of any device, begins when this has been passed.
  void hold_back(Stream stream) const;
  /// Between two marks of one device that have been passed.
  double seconds_since(const Event& earlier) const;

 private:
  CUevent_st* event_ = nullptr;
};

}  // namespace gpubench::cuda
