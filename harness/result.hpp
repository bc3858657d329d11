#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/core/work.hpp"

namespace gpubench {

/// What became of a case. Only `ok` has a time.
enum class Status { ok, unsupported, wrong_result, implausible, failed, timed_out, not_run };

inline constexpr Status all_statuses[] = {Status::ok,
                                          Status::unsupported,
                                          Status::wrong_result,
                                          Status::implausible,
                                          Status::failed,
                                          Status::timed_out,
                                          Status::not_run};

constexpr std::string_view name(Status status) {
  using enum Status;
  switch (status) {
    case ok: return "ok";
    case unsupported: return "unsupported";
    case wrong_result: return "wrong_result";
    case implausible: return "implausible";
    case failed: return "failed";
    case timed_out: return "timed_out";
    case not_run: return "not_run";
  }
  return "?";
}

/// Something true about the machine, found while measuring; the row's status may still be ok.
struct Finding {
  std::string verdict{};  ///< `degraded`, or `gone`
  std::string reason{};
};

/// How right an answer was. Each element has its own bound (by format and reduction length); `error` is the worst
/// |got - expected| / bound, so an answer is right when error <= tolerance = 1.
struct Verification {
  std::string
      scope{};  ///< `full`, `sampled`, `exact`, or `parts` (a network: its layers at its shapes and one small step)
  std::string against{};  ///< `oracle`
  double error = 0;
  double tolerance = 1;
  std::int64_t checked = 0;               ///< elements recomputed
  std::optional<std::string> mismatch{};  ///< what differed, where; none when right
};

/// A training mode against fp32 from the same weights on the same batch, at step 0 (DESIGN: parity).
struct Parity {
  std::string against{};                     ///< `fp32`
  double loss_difference = 0;                ///< relative
  double gradient_scale = 0;                 ///< the largest |<g, r> / <r, r> - 1| of one parameter with a share in it
  double gradient_cosine = 0;                ///< of the flattened gradients
  std::optional<std::string> mismatch{};     ///< which limit it broke; none when within
  std::optional<std::string> not_checked{};  ///< why there is no comparison
};

/// A share of one run: all operations of one kind and pass.
struct Part {
  std::string kind{};  ///< `convolution`, `batch norm`, ...
  std::string pass{};  ///< `forward`, `data gradient`, `weight gradient`, `backward`, `update`
  double seconds = 0;
  int operations = 0;
  Work work{};
};

/// The most that a device can do, which shares and roofline bounds are taken against: measured in this launch in loops
/// that do nothing else, or what its units and clocks allow. Operations for int8. 0 where it is not known.
struct Ceiling {
  double flops_per_second = 0;  ///< of matrix work in `precision`
  double bytes_per_second = 0;  ///< to and from memory, read and written bytes both counted
  std::string precision{};      ///< `bf16`
  std::string by{};             ///< how: `amx_bf16 tiles, 2 threads; triad of 3 x 256 MiB`
  bool measured = true;         ///< false: computed from units and clocks
};

/// Items (images, tokens) of one epoch and how its time was found.
struct Epoch {
  std::int64_t items = 0;
  double seconds = 0;
  int from_steps = 0;
  bool measured = false;   ///< all its steps were run
  std::string includes{};  ///< `training steps only`
};

/// Of which layer of a network a case is one pass, and how often the network has that layer.
struct LayerOf {
  std::string name{};  ///< `attention input (Q, K, V)`
  std::string pass{};  ///< `forward`, `data gradient`, `weight gradient`
  int count = 1;
  std::string shape{};  ///< as people write it: `1024 x 2304 x 768`
};

struct Input {
  std::string distribution{};  ///< `normal`, ...
  std::uint64_t seed = 0;
};

struct Settle {
  std::string outcome{};  ///< `steady`, `timed out`, or `short` (runs above 0.1 s: one warm-up run)
  double seconds = 0;
};

/// Everything a report may say about one case of one launch. Plain data; derived numbers only where the problem itself
/// defines them (`figures`). Seconds and bytes.
struct CaseResult {
  // Which case.
  std::string run_name{};  ///< the case name; key of --case, compare and history
  std::string name{};      ///< run_name, with @device appended where one run has it on several devices
  std::string suite{};
  std::string device{};          ///< `cpu`, `cuda:0`
  std::string precision{};       ///< precision or mode
  std::string implementation{};  ///< `onednn`, `cublaslt`, ...
  std::string figure{};  ///< id shared with references and imports: `train.resnet50.amp-bf16.images_per_second.d1`
  int method = 1;        ///< raised whenever our way of measuring this problem changes its numbers
  int launch = 0;        ///< which of `launches`
  int launches = 1;

  // What became of it.
  Status status = Status::not_run;
  std::string reason{};  ///< one sentence, when status is not ok
  std::optional<Finding> finding{};
  std::vector<std::string> labels{};  ///< remarks on the measurement: `contended: others used 12 % of the CPU`

  // What was measured.
  std::vector<double> samples_seconds{};  ///< in the order taken, seconds of one run; thinned evenly above 1,000
  std::int64_t samples_taken = 0;
  int runs_per_sample = 1;
  double median_seconds = 0;
  std::optional<double> spread{};  ///< within this launch: (q3 - q1) / median; none below four samples
  double cpu_seconds = 0;          ///< processor time of the worker in one run
  std::optional<double> peak_memory_bytes{};
  std::optional<double> planned_memory_bytes{};
  Work work{};
  std::vector<std::pair<std::string, double>> figures{};  ///< `images_per_second`, `epoch_seconds`: flat in the row
  std::optional<Epoch> epoch{};
  std::vector<Part> parts{};
  std::optional<Ceiling> ceiling{};

  // Under which circumstances.
  std::map<std::string, std::string>
      plan{};           ///< what the library chose: `convolution forward` -> `jit:avx512_core x 53`
  std::string cache{};  ///< `rotated`, `cold`, or `as in training`
  Input input{};
  Settle settle{};
  std::map<std::string, double> telemetry{};
  std::optional<Verification> verification{};
  std::optional<Parity> parity{};

  // How it is told to people.
  std::string group{};  ///< rows of one group share a table: `ResNet-50 · 224x224 · batch 16 · SGD, momentum`
  std::string item{};   ///< what is counted: `images`, `tokens`; empty where nothing is
  std::optional<LayerOf> layer{};
};

}  // namespace gpubench
