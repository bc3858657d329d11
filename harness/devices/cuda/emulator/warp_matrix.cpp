#include "harness/devices/cuda/emulator/warp_matrix.hpp"

#include <cstring>

#include "harness/devices/cuda/emulator/meeting.hpp"
#include "harness/devices/cuda/emulator/shared_access.hpp"

namespace gpubench::emulator {
namespace {

constexpr std::uint32_t all_lanes = 0xffffffff;

/// Where the two elements of lane `lane` lie in an 8x8 matrix.
struct Element {
  unsigned row, column;
};
Element element(unsigned lane, unsigned which, bool transposed) {
  const unsigned along = 2 * (lane % 4) + which, across = lane / 4;
  return transposed ? Element{along, across} : Element{across, along};
}

template <class Word>
struct Rows {
  std::span<Word> registers;
  std::uint32_t row;
};

/// Calls `move(pointer to the two bytes in shared memory, register, half of it)` for all elements of all lanes.
template <class Word, class Move>
void move_matrices(const char* instruction,
                   const Where& where,
                   std::span<Word> registers,
                   std::uint32_t row,
                   bool transposed,
                   Move move) {
  maybe_yield();
  Rows<Word> mine{registers, row};
  with_warp(
      instruction,
      where,
      all_lanes,
      mine,
      [&](const Arguments<Rows<Word>>& lanes) {
        for (unsigned matrix = 0; matrix < registers.size(); ++matrix)
          for (unsigned lane = 0; lane < 32; ++lane)
            for (unsigned which = 0; which < 2; ++which) {
              const Element at = element(lane, which, transposed);
              unsigned char* begin = shared_pointer(instruction, where, lanes[8 * matrix + at.row].row, 16, 16);
              move(begin + std::size_t{at.column} * 2, lanes[lane].registers[matrix], which);
            }
      },
      true);
}

struct Fragments {
  void* d;
  std::span<const std::uint32_t, 4> a;
  std::span<const std::uint32_t, 2> b;
};

template <class Sum>
void multiply_fragments(const Where& where, Format format, Fragments mine) {
  with_warp(
      "mma.sync",
      where,
      all_lanes,
      mine,
      [format](const Arguments<Fragments>& lanes) {
        const unsigned depth = depth_of(format), each = 4 / bytes_of(format), bits = 8 * bytes_of(format);
        double a[16][32], b[32][8];
        for (unsigned lane = 0; lane < 32; ++lane) {
          const unsigned group = lane / 4, member = lane % 4;
          for (unsigned i = 0; i < each; ++i) {
            for (unsigned r = 0; r < 4; ++r)
              a[group + 8 * (r % 2)][r / 2 * (depth / 2) + member * each + i] =
                  value_of(format, lanes[lane].a[r] >> (bits * i));
            for (unsigned r = 0; r < 2; ++r)
              b[r * (depth / 2) + member * each + i][group] = value_of(format, lanes[lane].b[r] >> (bits * i));
          }
        }
        for (unsigned lane = 0; lane < 32; ++lane)
          for (unsigned i = 0; i < 4; ++i) {
            const unsigned row = lane / 4 + 8 * (i / 2), column = lane % 4 * 2 + i % 2;
            Sum& d = static_cast<Sum*>(lanes[lane].d)[i];
            double sum = static_cast<double>(d);
            for (unsigned k = 0; k < depth; ++k) sum += a[row][k] * b[k][column];
            d = static_cast<Sum>(sum);
          }
      },
      true);
}

}  // namespace

void load_matrices(const Where& where, std::span<std::uint32_t> registers, std::uint32_t row, bool transposed) {
  const auto load = [](const unsigned char* from, std::uint32_t& word, unsigned half) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, from, 2);
    word = half == 0 ? bits : word | std::uint32_t{bits} << 16;
  };
  move_matrices("ldmatrix.sync", where, registers, row, transposed, load);
}

void store_matrices(const Where& where, std::span<const std::uint32_t> registers, std::uint32_t row, bool transposed) {
  const auto store = [](unsigned char* to, const std::uint32_t& word, unsigned half) {
    const auto bits = static_cast<std::uint16_t>(word >> (16 * half));
    std::memcpy(to, &bits, 2);
  };
  move_matrices("stmatrix.sync", where, registers, row, transposed, store);
}

void multiply(const Where& where,
              Format format,
              std::span<float, 4> d,
              std::span<const std::uint32_t, 4> a,
              std::span<const std::uint32_t, 2> b) {
  multiply_fragments<float>(where, format, {d.data(), a, b});
}

void multiply(const Where& where,
              Format format,
              std::span<std::int32_t, 4> d,
              std::span<const std::uint32_t, 4> a,
              std::span<const std::uint32_t, 2> b) {
  multiply_fragments<std::int32_t>(where, format, {d.data(), a, b});
}

}  // namespace gpubench::emulator
