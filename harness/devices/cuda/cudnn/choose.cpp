#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "harness/core/format.hpp"
#include "harness/devices/cuda/cudnn/candidate.hpp"
#include "harness/devices/cuda/cudnn/notes.hpp"

namespace gpubench::cudnn {
namespace {

Descriptor graph_of(const Target& target, const std::vector<Descriptor>& operations) {
  Descriptor graph(DescriptorType::operation_graph, "operation graph");
  if (target.handle()) graph.set(Attribute::graph_handle, target.handle());
  graph.set(Attribute::graph_operations, operations);
  return graph.finalize();
}

/// Best first; none where this mode knows nothing about such a graph.
std::vector<Descriptor> ranked(const Target& target, const Descriptor& graph, HeuristicMode mode) {
  Descriptor heuristics(DescriptorType::heuristics, "heuristics");
  heuristics.set(Attribute::heuristics_graph, graph).set(Attribute::heuristics_mode, mode);
  if (target.properties()) heuristics.set(Attribute::heuristics_device, *target.properties());
  try {
    heuristics.finalize();
  } catch (const Unsupported&) {
    return {};
  }
  return heuristics.all(Attribute::heuristics_results,
                        DescriptorType::engine_config,
                        heuristics.count(Attribute::heuristics_results, Kind::descriptor));
}

Descriptor plan_of(const Target& target, const Descriptor& config) {
  Descriptor plan(DescriptorType::execution_plan, "execution plan");
  if (target.handle()) plan.set(Attribute::plan_handle, target.handle());
  if (target.properties()) plan.set(Attribute::plan_device, *target.properties());
  plan.set(Attribute::plan_config, config);
  return plan.finalize();
}

/// Why candidates were passed over: the first few reasons, and how often.
class Refused {
 public:
  void add(const std::string& why) {
    const auto known = std::ranges::find(reasons_, why, &Reason::first);
    if (known != reasons_.end())
      ++known->second;
    else if (reasons_.size() < most)
      reasons_.emplace_back(why, 1);
    else
      ++others_;
  }
  std::string text() const {
    std::string text;
    for (const auto& [why, times] : reasons_)
      text += fmt::format("{}{}{}", text.empty() ? "" : "; ", why, times > 1 ? fmt::format(" ({})", times) : "");
    return others_ > 0 ? fmt::format("{}; {} others", text, others_) : text;
  }

 private:
  using Reason = std::pair<std::string, int>;
  static constexpr std::size_t most = 3;
  std::vector<Reason> reasons_{};
  int others_ = 0;
};

/// The plan of a candidate that fits and can be built.
std::optional<Descriptor> built(const Target& target,
                                const Descriptor& config,
                                const std::vector<NumericalNote>& notes,
                                Precision precision,
                                Refused& refused) try {
  if (const auto note = against(precision, notes)) {
    refused.add(text_of(*note));
    return std::nullopt;
  }
  if (precision == Precision::tf32 && std::ranges::find(notes, NumericalNote::tensor_cores) == notes.end()) {
    refused.add("no tensor cores: FP32, not TF32");
    return std::nullopt;
  }
  Descriptor plan = plan_of(target, config);
  const auto needs = plan.get<std::int64_t>(Attribute::plan_workspace);
  if (needs <= most_workspace) return plan;
  refused.add("workspace of " + text_of_bytes(static_cast<double>(needs)));
  return std::nullopt;
} catch (const OutOfMemory&) {
  throw;
} catch (const DeviceLost&) {
  throw;
} catch (const Unsupported& why) {
  refused.add(why.what());
  return std::nullopt;
} catch (const Error& why) {  // an engine that fails to build is not the end: others follow
  refused.add(why.what());
  return std::nullopt;
}

constexpr std::pair<HeuristicMode, const char*> modes[] = {
    {HeuristicMode::a, "A"}, {HeuristicMode::b, "B"}, {HeuristicMode::fallback, "fallback"}};

}  // namespace

Plan choose(const Target& target,
            const std::vector<Descriptor>& operations,
            Precision precision,
            const std::string& what) {
  const Descriptor graph = graph_of(target, operations);
  Refused refused;
  for (const bool deterministic_ones : {true, false})
    for (const auto& [mode, name] : modes) {
      const std::vector<Descriptor> configs = ranked(target, graph, mode);
      for (std::size_t i = 0; i < configs.size(); ++i) {
        const Plan::Candidate candidate(configs[i]);
        if (deterministic(candidate.notes) != deterministic_ones) continue;
        auto plan = built(target, configs[i], candidate.notes, precision, refused);
        if (!plan) continue;
        const char* remark = deterministic_ones ? "" : "; no deterministic one fits";
        return {std::move(*plan), candidate, fmt::format("{}, rank {} of {}{}", name, i + 1, configs.size(), remark)};
      }
    }
  const std::string why = refused.text();
  throw Unsupported(fmt::format("cuDNN has no {} plan for {}: {}",
                                gpubench::name(precision),
                                what,
                                why.empty() ? "its heuristics know no engine for it here" : why));
}

}  // namespace gpubench::cudnn
