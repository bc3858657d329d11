#include "kernels/gemm/cuda/ways.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "harness/devices/cuda/silicon.hpp"
#include "kernels/gemm/cuda/fma.hpp"
#include "kernels/gemm/cuda/ring.hpp"
#include "kernels/gemm/cuda/turn.hpp"
#include "kernels/gemm/cuda/wgmma.hpp"

namespace gpubench::cuda {
namespace {

constexpr double most_scratch = 256 << 20;

std::int64_t pieces(std::int64_t all, std::int64_t each) { return (all + each - 1) / each; }

std::size_t aligned(std::int64_t bytes) { return static_cast<std::size_t>((bytes + 255) / 256 * 256); }

/// Numbers from row to row of an operand that was turned: 16 bytes of FP32.
std::int64_t turned_pitch(const Product& product) { return pieces(product.k, 4) * 4; }

struct Scratch {
  std::size_t parts = 0, a = 0, b = 0;  // bytes, one after the other
};
Scratch scratch_of(const Product& product, const Way& way) {
  constexpr std::int64_t width = sizeof(float);
  return {.parts = way.parts == 1 ? 0 : aligned(way.parts * product.m * product.n * width),
          .a = way.turns_a ? aligned(product.m * turned_pitch(product) * width) : 0,
          .b = way.turns_b ? aligned(product.n * turned_pitch(product) * width) : 0};
}

/// Operations a clock and multiprocessor. Of GPUs that are not known, those of the oldest one: shapes are compared with
/// each other, not GPUs.
double rate_of(const Product& product, Way::Kernel kernel, const Machine& machine) {
  constexpr int oldest = 80, hopper = 90;
  const auto known = operations_per_cycle(machine.capability, name(product.format));
  const double rate = known.value_or(operations_per_cycle(oldest, name(product.format)).value_or(1));
  // mma.sync does not reach what Hopper's Tensor Cores can: about five eighths of it.
  return kernel == Way::Kernel::ring && machine.capability == hopper ? 0.62 * rate : rate;
}

/// What a tile lets the unit reach: shared memory gives 128 bytes a clock to those who fill it and to those who
/// multiply (wgmma reads a of its 64 rows and all of b), and L2 some 46 a multiprocessor. The others read fragments
/// into registers; for them what counts is how often each number is used.
double efficiency_of(const Tile& tile, Way::Kernel kernel, double clocks) {
  constexpr double of_shared = 128, of_l2 = 46, row = 128;  // bytes
  const double m = tile.m, n = tile.n;
  if (kernel != Way::Kernel::wgmma) {
    constexpr double enough = 256.0 * 128 / (256 + 128);
    return std::pow(std::min(1.0, m * n / (m + n) / enough), 0.6);
  }
  const double read = (m + m / 64 * n) * row, filled = (m + n) * row;
  const double fetched = (m / tile.cluster_columns + n / tile.cluster_rows) * row;
  return std::min({1.0, of_shared * clocks / (read + filled), of_l2 * clocks / fetched});
}

/// Predicted, not measured: the constants are what the steps take by count of instructions.
double clocks_of(const Product& product, const Way& way, const Machine& machine) {
  constexpr double end_of_a_tile = 0.07;   // clocks an element of c: converted, staged, stored
  constexpr double beginning = 1500;       // until the first stage is there
  constexpr double bytes_a_clock = 12;     // a multiprocessor's share of the memory
  constexpr double another_launch = 4000;  // to add the parts, or to turn an operand
  const Tile& tile = way.tile;
  const std::int64_t rows = pieces(product.m, std::int64_t{tile.m} * tile.cluster_rows);
  const std::int64_t columns = pieces(product.n, std::int64_t{tile.n} * tile.cluster_columns);
  const int clusters = std::max(1, machine.multiprocessors / (tile.cluster_rows * tile.cluster_columns));
  const auto waves = static_cast<double>(pieces(rows * columns * way.parts, clusters));
  const auto stages = static_cast<double>(pieces(pieces(product.k, tile.k), way.parts));
  const double area = static_cast<double>(tile.m) * tile.n;
  const double stage = 2 * area * tile.k / rate_of(product, way.kernel, machine);
  double clocks = beginning + waves * (stages * stage / efficiency_of(tile, way.kernel, stage) + area * end_of_a_tile);
  const Scratch scratch = scratch_of(product, way);
  for (const std::size_t bytes : {scratch.parts, scratch.a, scratch.b})  // each is written and read
    if (bytes > 0)
      clocks += another_launch + 2 * static_cast<double>(bytes) / (bytes_a_clock * machine.multiprocessors);
  return clocks;
}

}  // namespace

std::vector<Way> ways(const Product& product, const Machine& machine) {
  constexpr int ampere = 80, hopper = 90, least_stages = 4;
  std::vector<Way> all;
  const auto add = [&](Way::Kernel kernel, std::span<const Tile> tiles, bool turns_a = false, bool turns_b = false) {
    for (std::size_t index = 0; index < tiles.size(); ++index)
      for (const int parts : {1, 2, 3, 4, 6, 8, 12, 16}) {
        Way way{.kernel = kernel,
                .index = static_cast<int>(index),
                .tile = tiles[index],
                .parts = parts,
                .turns_a = turns_a,
                .turns_b = turns_b};
        const std::int64_t grid = pieces(product.m, way.tile.m) * pieces(product.n, way.tile.n);
        const bool small = grid * (parts - 1) < 2 * machine.multiprocessors;
        const bool long_enough = pieces(product.k, way.tile.k) >= std::int64_t{parts} * least_stages;
        const bool fits = static_cast<double>(scratch_bytes(product, way)) <= most_scratch;
        if (parts > 1 && !(small && long_enough && fits)) break;
        way.clocks = clocks_of(product, way, machine);
        all.push_back(way);
      }
  };
  add(Way::Kernel::fma, product.format == Precision::fp32 ? fma_tiles() : std::span<const Tile>());
  if (machine.capability >= ampere) add(Way::Kernel::ring, ring_tiles(product.format));
  // Without vectors there is one tile, whichever is asked for.
  constexpr int other = 1;
  if (!(product.format == Precision::fp32 ? fma_takes_vectors(product) : ring_takes_vectors(product)))
    std::erase_if(all, [](const Way& way) { return way.index != other; });
  if (machine.capability == hopper) {
    Product turned = product;
    const bool turns_a = product.format == Precision::tf32 && product.a.transposed;
    const bool turns_b = product.format == Precision::tf32 && !product.b.transposed;
    if (turns_a) turned.a = {nullptr, turned_pitch(product), false};
    if (turns_b) turned.b = {nullptr, turned_pitch(product), true};
    if (!wgmma_why_not(turned))
      add(Way::Kernel::wgmma, wgmma_tiles(product.format, product.accumulation), turns_a, turns_b);
  }
  std::ranges::stable_sort(all, {}, [](const Way& way) { return std::pair(way.clocks, -way.tile.m * way.tile.n); });
  return all;
}

std::size_t scratch_bytes(const Product& product, const Way& way) {
  const Scratch scratch = scratch_of(product, way);
  return scratch.parts + scratch.a + scratch.b;
}

void enqueue(Stream stream, const Product& product, const Way& way, void* scratch, const Machine& machine) {
  const Scratch room = scratch_of(product, way);
  auto* const bytes = static_cast<std::byte*>(scratch);
  auto* const parts = reinterpret_cast<float*>(bytes);
  Product task = product;
  if (way.turns_a) {
    auto* const to = reinterpret_cast<float*>(bytes + room.parts);
    turn(stream, product.a, product.k, product.m, to, turned_pitch(product));
    task.a = {to, turned_pitch(product), false};
  }
  if (way.turns_b) {
    auto* const to = reinterpret_cast<float*>(bytes + room.parts + room.a);
    turn(stream, product.b, product.k, product.n, to, turned_pitch(product));
    task.b = {to, turned_pitch(product), true};
  }
  switch (way.kernel) {
    case Way::Kernel::fma: return fma_gemm(stream, task, way.index, way.parts, parts);
    case Way::Kernel::ring: return ring_gemm(stream, task, way.index, way.parts, parts);
    case Way::Kernel::wgmma: return wgmma_gemm(stream, task, way.index, way.parts, parts, machine.multiprocessors);
  }
}

std::map<std::string, std::string> text_of(const Way& way) {
  constexpr const char* kernels[] = {"fma", "ring of mma.sync", "wgmma"};
  std::map<std::string, std::string> text{{"kernel", kernels[static_cast<int>(way.kernel)]},
                                          {"tile", fmt::format("{}x{}x{}", way.tile.m, way.tile.n, way.tile.k)},
                                          {"stages", fmt::format("{}", way.tile.stages)}};
  if (way.tile.cluster_rows * way.tile.cluster_columns > 1)
    text["cluster"] = fmt::format("{}x{}", way.tile.cluster_rows, way.tile.cluster_columns);
  if (way.parts > 1) text["parts of k"] = fmt::format("{}", way.parts);
  if (way.turns_a || way.turns_b)
    text["turned first"] = way.turns_a && way.turns_b ? "a and b" : way.turns_a ? "a" : "b";
  return text;
}

}  // namespace gpubench::cuda
