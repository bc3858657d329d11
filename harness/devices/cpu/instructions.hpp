#pragma once

namespace gpubench::cpu {

/// What this processor can execute and the system lets it: asked of the processor itself, whatever a library was told
/// to use. All false on processors that are not x86-64.
struct Instructions {
  bool avx2_fma = false;
  bool avx512 = false;
  bool avx512_bf16 = false;  ///< VDPBF16PS
  bool avx512_vnni = false;  ///< VPDPBUSD
  bool amx_bf16 = false;     ///< TDPBF16PS; the system has granted tiles to this process
  bool amx_int8 = false;     ///< TDPBSSD; likewise
};
/// Asks the system for tiles where the processor has them.
Instructions instructions();

}  // namespace gpubench::cpu
