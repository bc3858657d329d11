#include "harness/devices/cuda/events.hpp"

#include <utility>

#include "harness/devices/cuda/check.hpp"

namespace gpubench::cuda {

void use_device(int ordinal) { check(cudaSetDevice(ordinal), "cudaSetDevice"); }

OwnedStream::OwnedStream(int ordinal) : ordinal_(ordinal) {
  use_device(ordinal);
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking), "cudaStreamCreateWithFlags");
}

// What a destructor is told after the device was lost is of no use to anybody.
OwnedStream::~OwnedStream() {
  cudaSetDevice(ordinal_);
  cudaStreamDestroy(stream_);
}

void OwnedStream::wait() const { check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }

Event::Event(int ordinal) {
  use_device(ordinal);
  check(cudaEventCreateWithFlags(&event_, cudaEventDefault), "cudaEventCreateWithFlags");
}

Event::Event(Event&& other) noexcept : event_(std::exchange(other.event_, nullptr)) {}

Event::~Event() {
  if (event_) cudaEventDestroy(event_);
}

void Event::record(Stream stream) { check(cudaEventRecord(event_, stream), "cudaEventRecord"); }

void Event::wait() const { check(cudaEventSynchronize(event_), "cudaEventSynchronize"); }

void Event::hold_back(Stream stream) const { check(cudaStreamWaitEvent(stream, event_, 0), "cudaStreamWaitEvent"); }

double Event::seconds_since(const Event& earlier) const {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, earlier.event_, event_), "cudaEventElapsedTime");
  return static_cast<double>(milliseconds) / 1e3;
}

}  // namespace gpubench::cuda
