#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/devices/cuda/stream.hpp"
#include "kernels/gemm/cuda/product.hpp"

namespace gpubench::cuda {

/// One of our kernels with one of its tiles, and in how many parts the sums over k are made.
struct Way {
  enum class Kernel { fma, ring, wgmma };
  Kernel kernel = Kernel::ring;
  int index = 0;  ///< of the tile among the kernel's
  Tile tile{};
  int parts = 1;
  bool turns_a = false, turns_b = false;  ///< first, because the kernel wants k contiguous in them
  double clocks = 0;                      ///< of a multiprocessor, as predicted
};

/// What of a GPU ways depend on.
struct Machine {
  int capability = 80;  ///< 90 is 9.0
  int multiprocessors = 1;
};

/// All ways to compute a product, the one first that is predicted to be the fastest: tiles go in waves over the
/// multiprocessors; one takes as long as its operations at the unit's rate, less for small tiles, which fetch more for
/// what they compute, and then what its end takes; parts have to be added. The prediction knows no clock and no cache:
/// it chooses between shapes, a search between the rest. Empty where no kernel takes the product.
std::vector<Way> ways(const Product& product, const Machine& machine);

/// Room for the parts of the sums, and for operands that are turned; may be 0.
std::size_t scratch_bytes(const Product& product, const Way& way);

/// @param scratch scratch_bytes() of them @throws Error
void enqueue(Stream stream, const Product& product, const Way& way, void* scratch, const Machine& machine);

/// `kernel`: `wgmma`; `tile`: `128x256x64`; `stages`, `cluster`, `parts of k`.
std::map<std::string, std::string> text_of(const Way& way);

}  // namespace gpubench::cuda
