#pragma once

#include <cstddef>
#include <memory>

namespace gpubench::cpu {

/// Gives pages back to the system.
struct Unmap {
  std::size_t bytes = 0;
  void operator()(std::byte* pages) const noexcept;
};

/// Memory straight from the system that nobody has touched: its pages come when they are first written.
enum class PageSize { ordinary, large };  ///< `large` is a wish: a system without them gives ordinary ones
using Pages = std::unique_ptr<std::byte, Unmap>;
/// Null for 0 bytes. @throws OutOfMemory
Pages fresh_pages(std::size_t bytes, PageSize size);
/// Takes away what the pages hold: they are as if nobody had touched them, and read as zeros.
void forget(std::byte* pages, std::size_t bytes);

}  // namespace gpubench::cpu
