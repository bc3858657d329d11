#include "harness/devices/cuda/cudnn/plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "harness/core/format.hpp"
#include "harness/devices/cuda/cudnn/candidate.hpp"
#include "harness/devices/cuda/cudnn/cudnn.hpp"
#include "harness/devices/cuda/cudnn/notes.hpp"

namespace gpubench::cudnn {
namespace {

constexpr std::int64_t most_notes = 32, most_knobs = static_cast<std::int64_t>(Knob::count);

template <class Note>
std::string text_of_all(const std::vector<Note>& notes) {
  std::string text;
  for (const Note note : notes) text += (text.empty() ? "" : ", ") + text_of(note);
  return text.empty() ? "none noted" : text;
}

}  // namespace

Target Target::described(const std::string& json) {
  Target target(nullptr);
  target.properties_.emplace(DescriptorType::device_properties, "device description");
  target.properties_->set(Attribute::device_json, json).finalize();
  return target;
}

std::string Target::json() const {
  Descriptor properties(DescriptorType::device_properties, "device description");
  return properties.set(Attribute::device_handle, handle_).finalize().text(Attribute::device_json);
}

Plan::Candidate::Candidate(const Descriptor& config) {
  const Descriptor chosen = config.all(Attribute::config_engine, DescriptorType::engine, 1).at(0);
  engine = chosen.get<std::int64_t>(Attribute::engine_index);
  notes = chosen.all<NumericalNote>(Attribute::engine_numerical_notes, most_notes);
  behavior = chosen.all<BehaviorNote>(Attribute::engine_behavior_notes, most_notes);
  for (const Descriptor& choice : config.all(Attribute::config_knobs, DescriptorType::knob_choice, most_knobs))
    knobs.emplace_back(choice.get<Knob>(Attribute::knob), choice.get<std::int64_t>(Attribute::knob_value));
}

Plan::Plan(Descriptor plan, const Candidate& candidate, std::string how)
    : plan_(std::move(plan)),
      engine_(candidate.engine),
      workspace_(plan_.get<std::int64_t>(Attribute::plan_workspace)),
      knobs_(candidate.knobs),
      notes_(candidate.notes),
      behavior_(candidate.behavior),
      how_(std::move(how)) {}

bool Plan::compiled_at_run_time() const {
  return std::ranges::find(behavior_, BehaviorNote::compiled_at_run_time) != behavior_.end();
}

std::map<std::string, std::string> Plan::texts() const {
  std::string knobs;
  for (const auto& [knob, value] : knobs_)
    knobs += fmt::format("{}{} {}", knobs.empty() ? "" : ", ", text_of(knob), value);
  return {{"engine", fmt::format("{}", engine_)},
          {"knobs", knobs.empty() ? "none" : knobs},
          {"workspace", fmt::format("{} bytes, at most {} allowed", workspace_, most_workspace)},
          {"numerics", text_of_all(notes_)},
          {"behaviour", text_of_all(behavior_)},
          {"heuristics", how_}};
}

Descriptor Plan::bound(const std::vector<Bound>& operands, void* workspace) const {
  std::vector<std::int64_t> ids;
  std::vector<void*> pointers;
  for (const auto& [id, pointer] : operands) {
    ids.push_back(id);
    pointers.push_back(pointer);
  }
  Descriptor pack(DescriptorType::variant_pack, "variant pack");
  pack.set(Attribute::pack_ids, ids).set(Attribute::pack_pointers, pointers).set(Attribute::pack_workspace, workspace);
  return pack.finalize();
}

void Plan::enqueue(Handle handle, const Descriptor& bound) const {
  check(cudnnBackendExecute(handle, plan_.raw(), bound.raw()), "running a plan");
}

}  // namespace gpubench::cudnn
