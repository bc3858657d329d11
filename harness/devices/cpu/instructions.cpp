#include "harness/devices/cpu/instructions.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace gpubench::cpu {

#if defined(__x86_64__)
namespace {

struct Leaf {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
};
Leaf leaf(unsigned number, unsigned part) {
  Leaf l;
  if (__get_cpuid_count(number, part, &l.eax, &l.ebx, &l.ecx, &l.edx) == 0) return {};
  return l;
}
bool bit(unsigned word, unsigned number) { return (word >> number & 1U) != 0; }

/// Which registers the system saves when it switches threads (XCR0). @pre OSXSAVE
std::uint64_t saved_registers() {
  std::uint32_t low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (std::uint64_t{high} << 32U) | low;
}

/// Since Linux 5.16 a process has to ask for the tiles' 8 KiB a thread; where it may not, a tile instruction kills it.
bool tiles_granted() {
  constexpr long request_permission = 0x1023, tile_data = 18;  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

}  // namespace

Instructions instructions() {
  constexpr std::uint64_t ymm = 0x6, zmm = 0xe6, tiles = 0x60000;
  const Leaf basic = leaf(1, 0), more = leaf(7, 0), most = leaf(7, 1);
  Instructions found;
  if (!bit(basic.ecx, 27)) return found;  // OSXSAVE
  const std::uint64_t saved = saved_registers();
  const auto saves = [saved](std::uint64_t registers) { return (saved & registers) == registers; };
  found.avx2_fma = saves(ymm) && bit(more.ebx, 5) && bit(basic.ecx, 12);
  found.avx512 = saves(zmm) && bit(more.ebx, 16);
  found.avx512_bf16 = found.avx512 && bit(most.eax, 5);
  found.avx512_vnni = found.avx512 && bit(more.ecx, 11);
  const bool has_tiles = saves(tiles) && bit(more.edx, 24) && tiles_granted();
  found.amx_bf16 = has_tiles && bit(more.edx, 22);
  found.amx_int8 = has_tiles && bit(more.edx, 25);
  return found;
}

#else

Instructions instructions() { return {}; }

#endif

}  // namespace gpubench::cpu
