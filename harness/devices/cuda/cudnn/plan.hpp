#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/core/precision.hpp"
#include "harness/devices/cuda/cudnn/descriptor.hpp"
#include "harness/devices/cuda/stream.hpp"

namespace gpubench::cudnn {

/// What plans are made for: a GPU, or one that is only described.
class Target {
 public:
  explicit Target(Handle handle) : handle_(handle) {}
  /// @param json what scripts/cudnn_device_json prints. Needs cuDNN 9.8. @throws Error for what cuDNN does not take
  static Target described(const std::string& json);

  Handle handle() const { return handle_; }  ///< null where there is none
  const std::optional<Descriptor>& properties() const { return properties_; }
  /// cuDNN's description of the GPU, to plan for it elsewhere. @pre there is a handle
  std::string json() const;

 private:
  Handle handle_ = nullptr;
  std::optional<Descriptor> properties_{};
};

/// More than this no plan of ours may take: what frameworks give cuDNN is of this size.
inline constexpr std::int64_t most_workspace = std::int64_t{1} << 30;

/// One way to run a graph, ready to run. The same graph, library and device give the same plan.
class Plan {
 public:
  std::int64_t engine() const { return engine_; }
  std::size_t workspace_bytes() const { return static_cast<std::size_t>(workspace_); }
  const std::vector<NumericalNote>& numerical_notes() const { return notes_; }
  bool compiled_at_run_time() const;
  /// `engine`, `knobs`, `workspace`, `numerics`, `behaviour`, `heuristics`: for people and for telling plans apart
  std::map<std::string, std::string> texts() const;

  /// An operand and where it lies.
  using Bound = std::pair<std::int64_t, void*>;
  /// Everything a run needs. @pre every tensor of the graph that is not virtual has an operand
  Descriptor bound(const std::vector<Bound>& operands, void* workspace) const;
  /// Enqueues a run on the handle's stream.
  void enqueue(Handle handle, const Descriptor& bound) const;

 private:
  friend Plan choose(const Target&, const std::vector<Descriptor>&, Precision, const std::string&);
  struct Candidate;
  Plan(Descriptor plan, const Candidate& candidate, std::string how);

  Descriptor plan_;
  std::int64_t engine_, workspace_;
  std::vector<std::pair<Knob, std::int64_t>> knobs_;
  std::vector<NumericalNote> notes_;
  std::vector<BehaviorNote> behavior_;
  std::string how_;
};

/// The first of cuDNN's own ranking (heuristics A; where none of those fits B, then the fallback) whose notes fit the
/// precision, whose workspace is at most most_workspace, and that can be built. One that is not deterministic is taken
/// only where no other fits. @param operations of one graph. @param what for errors: `convolution forward …`
/// @throws Unsupported with what stood against the candidates
Plan choose(const Target& target,
            const std::vector<Descriptor>& operations,
            Precision precision,
            const std::string& what);

}  // namespace gpubench::cudnn
