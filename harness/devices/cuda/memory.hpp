#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "harness/devices/cuda/stream.hpp"

namespace gpubench::cuda {

/// Memory of one device: what is free, and how much of it was taken through here. Takes nothing by itself; the first
/// question makes the device's context (some hundred MB, which are not counted).
class Memory {
 public:
  explicit Memory(int ordinal) : ordinal_(ordinal) {}
  Memory(const Memory&) = delete;
  Memory(Memory&&) = delete;
  Memory& operator=(const Memory&) = delete;
  Memory& operator=(Memory&&) = delete;
  ~Memory() = default;

  /// A piece of it, given back when it ends. Begins at a multiple of 256 bytes.
  class Block {
   public:
    Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    Block(Block&& other) noexcept { swap(other); }
    Block& operator=(Block&& other) noexcept {
      swap(other);
      return *this;
    }
    ~Block();

    void* data() const { return data_; }
    template <class T>
    T* as() const {
      return static_cast<T*>(data_);
    }
    std::size_t bytes() const { return bytes_; }

   private:
    friend class Memory;
    void swap(Block& other) noexcept;
    Memory* owner_ = nullptr;
    void* data_ = nullptr;
    std::size_t bytes_ = 0;
  };

  /// Holds 0xff in each byte (NaN in every format of floating point), so that what nobody writes is seen.
  /// @throws OutOfMemory with what was asked for and what is free
  Block take(std::size_t bytes);

  double free_bytes() const;
  double in_use() const { return in_use_; }
  double peak() const { return peak_; }
  void reset_peak() { peak_ = in_use_; }

 private:
  int ordinal_;
  double in_use_ = 0, peak_ = 0;
};

/// Sets each byte and returns when that is done.
void fill(void* to, int byte, std::size_t bytes);

/// Copies between host and device and returns when that is done, after everything enqueued on `stream`.
void copy_to_device(Stream stream, void* to, const void* from, std::size_t bytes);
void copy_to_host(Stream stream, void* to, const void* from, std::size_t bytes);

}  // namespace gpubench::cuda
