#pragma once

#include <cstddef>
#include <cstdint>

namespace gpubench::emulator {

/// What memory holds before anybody wrote it: a NaN in every floating-point format, -1 as an integer.
inline constexpr unsigned char poison = 0xff;

/// The shared memory of one block, between pages that may not be touched. Its addresses in the shared window begin at
/// 0x400, as on GPUs of compute capability 8.0 and higher, which keep the first KiB for themselves.
class SharedMemory {
 public:
  /// @throws std::bad_alloc
  explicit SharedMemory(std::size_t bytes);
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();

  void fill_with_poison();
  /// Whether what lies between its end and the next page is still as fill_with_poison() left it.
  bool end_is_intact() const;

  unsigned char* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  bool contains(const void* pointer, std::size_t bytes) const;
  /// Whether an address belongs to it or to the pages around it.
  bool is_near(const void* pointer) const;

  std::uint32_t address_of(const void* pointer) const {
    return static_cast<std::uint32_t>(static_cast<const unsigned char*>(pointer) - data_) + window;
  }

  static constexpr std::uint32_t window = 0x400;

 private:
  unsigned char* mapping_ = nullptr;
  unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0, mapped_ = 0;
};

}  // namespace gpubench::emulator
