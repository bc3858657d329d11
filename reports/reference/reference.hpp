#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/json.hpp"

namespace gpubench {

// Published figures, each with its source: what a GPU can do on paper, what others measured on it, and what articles
// claim. They ship inside the program (reports/reference/*.json); a user's own file has the same shape
// (reports/schema/reference.v1.json).

/// One line of a datasheet: `peak_bf16`, `memory_bandwidth`, `tdp`. Peaks are dense.
struct SheetValue {
  std::string figure{};
  double value = 0;
  std::string unit{};              ///< `TFLOP/s`, `TOP/s`, `GB/s`, `GB`, `W`, `MHz`, ...
  std::optional<double> at_mhz{};  ///< of a peak: the clock it is reached at
  bool verified = true;            ///< read on the named source; false: from memory
};

/// What somebody measured and published, or what follows from that by arithmetic.
struct Published {
  std::string figure{};  ///< the id that cases carry, too: `train.resnet50.amp-fp16.images_per_second.d1`
  double value = 0;
  std::string unit{};
  std::optional<int> gpus{};
  std::string precision{};
  std::string workload{};  ///< as its source calls it
  std::string system{}, conditions{};
  std::string doubt{};   ///< why it is a poor reference; empty: nothing is known against it
  std::string source{};  ///< who: pairs are formed within one source only
  std::string where{};   ///< where in it
  bool derived = false;
  bool verified = true;
};

/// A statement of an article: kept so that nobody takes it for a measurement.
struct Claim {
  std::string article{}, gpu{}, claim{}, doubt{};
};

/// How a device says that it is this GPU.
struct ReferenceMatch {
  std::vector<std::string> device_names{};  ///< without `NVIDIA` or `Tesla` in front
  std::string family{}, form{};             ///< `A100`, and `SXM`, `PCIE`, `NVL` or empty
  std::vector<double> memory_gib{};
};

struct Reference {
  std::string id{}, name{};
  std::optional<ReferenceMatch> match{};
  std::vector<std::pair<std::string, std::string>> facts{};  ///< texts: architecture, least driver, first CUDA
  std::vector<std::string> facts_not_verified{};
  std::vector<SheetValue> datasheet{};
  std::vector<std::string> datasheet_sources{};
  std::string notes{};
  std::vector<Published> published{};
  std::vector<Claim> claims{};

  const SheetValue* sheet(std::string_view figure) const;  ///< null where the datasheet does not say
};

/// @throws UsageError that names the place of what is missing or has another type
Reference reference_from_json(const Json& json);
/// A user's own. @throws UsageError with path and place
Reference read_reference(const std::filesystem::path& path);

/// Those that ship with the program, in order of their names. Read when first asked for.
const std::vector<Reference>& references();
/// Null where none has this id.
const Reference* find_reference(std::string_view id);

/// `; references like it: a100_sxm4_80gb, a100_pcie_80gb; ...`, to be put behind a complaint.
std::string references_like(const std::string& name);

/// id and JSON text of each file: made by the build.
std::vector<std::pair<const char*, const char*>> reference_texts();

}  // namespace gpubench
