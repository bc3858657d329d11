#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/result.hpp"
#include "reports/reference/sku.hpp"
#include "reports/statistics/ratio.hpp"

namespace gpubench {

// One of the two things that are compared, whatever it was read from: a run file, a folder of them, or a reference.

/// How a value is told: `TFLOP/s` is 1e12 of what the run file has.
struct FigureUnit {
  std::string unit{};
  double one = 1;
  bool higher_is_better = true;
};

/// What one launch says beside its value. Not a number: not measured.
struct Beside {
  float watts = 0, power_cap_share = 0;
};

/// One case over everything that a side has of it, or one published figure of one source.
struct SideCase {
  std::string name{};     ///< `gemm/bf16/m4096n4096k4096/nt/hot/cublaslt`, the run_name; a figure's id when published
  std::string problem{};  ///< the name without implementation and batch; empty when published
  std::string figure{};   ///< the id shared with references
  FigureUnit unit{};
  std::string precision{}, implementation{}, cache{};
  int method = 0;
  int batch = 0;  ///< examples in one run; 0: the case has no batch
  Work work{};    ///< of one run
  std::map<std::string, std::string> plan{};
  std::vector<Part> parts{};
  std::optional<Ceiling> ceiling{};

  std::vector<Measured> values{};  ///< in `unit`; empty when nothing ran
  std::vector<Beside> beside{};    ///< one for each value; none when published
  std::string why_none{};          ///< `unsupported: this CPU has no TF32`
  int not_ok = 0;                  ///< launches without a value

  // Published only.
  std::string source{}, workload{}, conditions{}, doubt{};
  bool verified = true;
  std::optional<int> gpus{};

  std::uint64_t order = 0;  ///< of first appearance
};

/// What was true of a machine, and on how many of a side's files.
struct Fact {
  std::map<std::string, int> values{};
};

struct Side {
  std::string label{};  ///< as it was asked for: a path, or a reference's id
  std::string
      title{};  ///< `8 x NVIDIA H100 80GB HBM3, node7, 2026-11-20` or `NVIDIA A100 SXM4 80GB (published figures)`
  std::string short_title{};
  bool published = false;
  int files = 0, rows = 0;
  int devices = 0;                    ///< how many told values
  std::vector<std::string> models{};  ///< of devices, most frequent first
  SkuMatch sku{};                     ///< of the most frequent model
  std::vector<SideCase> cases{};
  std::map<std::string, Fact> environment{};  ///< key: see environment.hpp
  std::vector<std::string> remarks{};         ///< what its reader must know: an interrupted run, several models
  std::vector<std::string> broken{};          ///< files that were skipped, each a sentence with path and place
};

/// A reference as a side: one case for each figure of each source.
Side side_of(const Reference& reference);

}  // namespace gpubench
