#include <string>

#include "tests/harness/devices/cuda/fake_cudnn/node.hpp"

// What cuDNN checks of an object, and what it knows of it.

namespace gpubench::fake_cudnn {
namespace {

using Sizes = std::vector<std::int64_t>;

Sizes sizes(const Node& tensor) { return tensor.all<std::int64_t>(Attribute::tensor_dimensions); }

void check_tensor(const Node& tensor) {
  (void)tensor.one<cudnn::DataType>(Attribute::tensor_type);
  (void)tensor.one<std::int64_t>(Attribute::tensor_id);
  if (tensor.one<std::int64_t>(Attribute::tensor_alignment) % 16 != 0)
    throw Refusal(Status::not_supported, "tensors are aligned to 16 bytes here");
  if (sizes(tensor).size() != tensor.all<std::int64_t>(Attribute::tensor_strides).size())
    throw Refusal(Status::bad_parameter, "as many strides as dimensions are wanted");
}

/// x is the image that the convolution reads, or whose gradient it is; w and y likewise.
void check_convolution(const Node& convolution, const Node& x, const Node& w, const Node& y) {
  const Sizes of_x = sizes(x), of_w = sizes(w), of_y = sizes(y);
  bool fits = of_y.at(0) == of_x.at(0) && of_y.at(1) == of_w.at(0) && of_w.at(1) == of_x.at(1);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto padding = convolution.all<std::int64_t>(Attribute::convolution_pre_paddings).at(i) +
                         convolution.all<std::int64_t>(Attribute::convolution_post_paddings).at(i);
    const auto stride = convolution.all<std::int64_t>(Attribute::convolution_strides).at(i);
    fits = fits && of_y.at(i + 2) == (of_x.at(i + 2) + padding - of_w.at(i + 2)) / stride + 1;
  }
  if (!fits) throw Refusal(Status::bad_parameter, "the sizes of x, w and y do not fit each other");
}

NodePointer final_node(DescriptorType type) { return std::make_shared<Node>(Node{.type = type, .final = true}); }

/// @param number 0: tensor cores; 1: without them; 2: without them, and not deterministic as it says
NodePointer config_of(const NodePointer& graph, std::int64_t number) {
  const NodePointer engine = final_node(DescriptorType::engine);
  engine->put(Attribute::engine_index, Kind::i64, std::vector{number});
  std::vector<cudnn::NumericalNote> notes;
  if (number == 0) notes.push_back(cudnn::NumericalNote::tensor_cores);
  if (number == 2) notes.push_back(cudnn::NumericalNote::not_deterministic);
  engine->put(Attribute::engine_numerical_notes, Kind::numerical_note, notes);
  engine->put(Attribute::engine_behavior_notes, Kind::behavior_note, std::vector<cudnn::BehaviorNote>{});
  engine->put(Attribute::graph_operations, {graph});
  const NodePointer knob = final_node(DescriptorType::knob_choice);
  knob->put(Attribute::knob, Kind::knob, std::vector{cudnn::Knob{2}});
  knob->put(Attribute::knob_value, Kind::i64, std::vector<std::int64_t>{4});
  const NodePointer config = final_node(DescriptorType::engine_config);
  config->put(Attribute::config_engine, {engine});
  config->put(Attribute::config_knobs, {knob});
  return config;
}

}  // namespace

void finish(Node& node) {
  switch (node.type) {
    case DescriptorType::tensor: return check_tensor(node);
    case DescriptorType::convolution_forward:
      return check_convolution(node.node(Attribute::forward_convolution),
                               node.node(Attribute::forward_x),
                               node.node(Attribute::forward_w),
                               node.node(Attribute::forward_y));
    case DescriptorType::convolution_data_gradient:
      return check_convolution(node.node(Attribute::data_gradient_convolution),
                               node.node(Attribute::data_gradient_dx),
                               node.node(Attribute::data_gradient_w),
                               node.node(Attribute::data_gradient_dy));
    case DescriptorType::convolution_weight_gradient:
      return check_convolution(node.node(Attribute::weight_gradient_convolution),
                               node.node(Attribute::weight_gradient_x),
                               node.node(Attribute::weight_gradient_dw),
                               node.node(Attribute::weight_gradient_dy));
    case DescriptorType::heuristics: {
      const NodePointer graph = node.value(Attribute::heuristics_graph).nodes.at(0);
      std::vector<NodePointer> configs;
      if (!has_bug("no-plan")) configs = {config_of(graph, 2), config_of(graph, 0), config_of(graph, 1)};
      if (has_bug("not-deterministic")) configs.resize(1);
      return node.put(Attribute::heuristics_results, configs);
    }
    case DescriptorType::execution_plan:
      return node.put(Attribute::plan_workspace, Kind::i64, std::vector<std::int64_t>{256});
    default: return;
  }
}

}  // namespace gpubench::fake_cudnn
