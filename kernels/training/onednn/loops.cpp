#include "kernels/training/host/loops.hpp"

#include "kernels/training/onednn/plans.hpp"

// Operations that are loops of our own: oneDNN has nothing for them, or nothing as fast.
namespace gpubench::training::onednn {
namespace {

template <class What>
void run(const What& operation, const host::Addresses& at) {
  GPUBENCH_HOST_RUN(run, operation, at);
}
void run(const UpdateState& operation, const host::Addresses& at) { host::run(operation, at); }

template <class What>
std::unique_ptr<Planned> loop(const What& operation, std::vector<Planned::InPlace> in_place = {}) {
  return planned_loop(
      operation,
      [operation](std::span<void* const> inputs, std::span<void* const> outputs) {
        return [operation,
                from = std::vector<void*>(inputs.begin(), inputs.end()),
                to = std::vector<void*>(outputs.begin(), outputs.end())] {
          run(operation, {.inputs = from.data(), .outputs = to.data()});
        };
      },
      std::move(in_place));
}

}  // namespace

std::unique_ptr<Planned> plan(const Setting&, const LayerNormForward& operation, Given) {
  return loop(operation, {{.output = 0, .input = 0}});
}
std::unique_ptr<Planned> plan(const Setting&, const LayerNormBackward& operation, Given) {
  return loop(operation, {{.output = 0, .input = 4}});
}
std::unique_ptr<Planned> plan(const Setting&, const GeluForward& operation, Given) {
  return loop(operation, {{.output = 0, .input = 0}});
}
std::unique_ptr<Planned> plan(const Setting&, const GeluBackward& operation, Given) {
  return loop(operation, {{.output = 0, .input = 1}, {.output = 0, .input = 0}});
}
std::unique_ptr<Planned> plan(const Setting&, const EmbeddingForward& operation, Given) { return loop(operation); }
std::unique_ptr<Planned> plan(const Setting&, const EmbeddingBackward& operation, Given) {
  return loop(operation, {{.output = 0, .input = 2}});
}
/// A narrower gradient of one row would overwrite the next row's logits.
std::unique_ptr<Planned> plan(const Setting&, const SoftmaxCrossEntropy& operation, Given) {
  if (operation.type != Type::f32) return loop(operation);
  return loop(operation, {{.output = 1, .input = 0}});
}
std::unique_ptr<Planned> plan(const Setting&, const SgdMomentum& operation, Given) {
  return loop(operation, {{.output = 0, .input = 0}, {.output = 1, .input = 2}});
}
std::unique_ptr<Planned> plan(const Setting&, const AdamW& operation, Given) {
  return loop(operation, {{.output = 0, .input = 0}, {.output = 1, .input = 2}, {.output = 2, .input = 3}});
}
std::unique_ptr<Planned> plan(const Setting&, const CheckFinite& operation, Given) {
  return loop(operation, {{.output = 0, .input = 1}});
}
std::unique_ptr<Planned> plan(const Setting&, const UpdateState& operation, Given) {
  return loop(operation, {{.output = 0, .input = 0}});
}

}  // namespace gpubench::training::onednn
