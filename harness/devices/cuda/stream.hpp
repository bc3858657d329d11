#pragma once

struct CUstream_st;

namespace gpubench::cuda {

/// A queue of work of a device: CUDA's cudaStream_t, whose name needs CUDA's headers. Null: the default one. The
/// emulator has only that.
using Stream = CUstream_st*;

}  // namespace gpubench::cuda
