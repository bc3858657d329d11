#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace gpubench::emulator {

/// Memory that kernels may use, by the buffer: each lies before a page that may not be touched, begins at a multiple of
/// 16 bytes and holds poison. An access elsewhere is a Fault that names the nearest buffer.
class GlobalBuffer {
 public:
  /// @param name what faults call it   @throws std::bad_alloc
  GlobalBuffer(std::string name, std::size_t bytes);
  GlobalBuffer(const GlobalBuffer&) = delete;
  GlobalBuffer& operator=(const GlobalBuffer&) = delete;
  ~GlobalBuffer();

  void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }
  const std::string& name() const { return name_; }

  void fill_with_poison();
  /// From now on a kernel that writes it faults.
  void forbid_writing();
  bool is_input() const { return input_; }
  /// Whether what lies between it and the pages that may not be touched is as it was.
  bool surroundings_are_intact() const;

 private:
  std::string name_;
  unsigned char* mapping_ = nullptr;
  unsigned char* data_ = nullptr;
  std::size_t bytes_ = 0, mapped_ = 0;
  bool input_ = false;
};

/// Why a kernel may not access these bytes; nothing if it may. Only buffers may be accessed.
std::optional<std::string> why_not_accessible(const void* pointer, std::size_t bytes);

/// `0x7f…10, 16 bytes behind the end of 'y' (4096 bytes)`; the address alone where no buffer is near.
std::string place_of(const void* pointer);

/// The name of a buffer next to which something was written; nothing where all are well. @pre no kernel runs
std::optional<std::string> overrun_buffer();

}  // namespace gpubench::emulator
