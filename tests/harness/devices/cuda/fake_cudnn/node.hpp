#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

#include "harness/devices/cuda/cudnn/abi.hpp"

// A cuDNN without a GPU, for tests of the program: it takes graphs through the backend interface as a real one does and
// computes them on the host, element by element, on the memory and the streams of the fake runtime. Told by a variable
// to be wrong:
//   GPUBENCH_FAKE_CUDNN_BUG=filter-strides   filters are read as if they lay row-major
//   GPUBENCH_FAKE_CUDNN_BUG=swapped-ids      the last two operands of a variant pack are taken for each other
//   GPUBENCH_FAKE_CUDNN_BUG=no-plan          no engine knows any graph
//   GPUBENCH_FAKE_CUDNN_BUG=not-deterministic   only one that is not deterministic does
namespace gpubench::fake_cudnn {

using cudnn::Attribute;
using cudnn::DescriptorType;
using cudnn::Kind;
using cudnn::Status;

/// What a call is answered with when it is thrown.
struct Refusal : std::runtime_error {
  Refusal(Status what, const std::string& why) : std::runtime_error(why), status(what) {}
  Status status;
};

struct Node;
using NodePointer = std::shared_ptr<Node>;

/// An object of cuDNN: attributes as they were set. What others refer to stays as long as they do.
struct Node {
  struct Value {
    Kind kind{};
    std::int64_t count = 0;
    std::vector<char> bytes{};
    std::vector<NodePointer> nodes{};
  };

  DescriptorType type{};
  bool final = false;
  std::map<Attribute, Value> values{};

  bool has(Attribute attribute) const { return values.contains(attribute); }
  const Value& value(Attribute attribute) const {
    const auto found = values.find(attribute);
    if (found == values.end())
      throw Refusal(Status::bad_parameter, "attribute " + std::to_string(static_cast<int>(attribute)) + " is not set");
    return found->second;
  }
  template <class T>
  std::vector<T> all(Attribute attribute) const {
    const Value& found = value(attribute);
    std::vector<T> elements(static_cast<std::size_t>(found.count));
    std::memcpy(elements.data(), found.bytes.data(), elements.size() * sizeof(T));
    return elements;
  }
  template <class T>
  T one(Attribute attribute) const {
    T element{};
    std::memcpy(&element, value(attribute).bytes.data(), sizeof(T));
    return element;
  }
  const Node& node(Attribute attribute) const { return *value(attribute).nodes.at(0); }

  template <class T>
  void put(Attribute attribute, Kind kind, const std::vector<T>& elements) {
    Value& to = values[attribute];
    to = {.kind = kind, .count = static_cast<std::int64_t>(elements.size())};
    const char* bytes = reinterpret_cast<const char*>(elements.data());
    to.bytes.assign(bytes, bytes + elements.size() * sizeof(T));
  }
  void put(Attribute attribute, std::vector<NodePointer> nodes) {
    values[attribute] = {
        .kind = Kind::descriptor, .count = static_cast<std::int64_t>(nodes.size()), .nodes = std::move(nodes)};
  }
};

/// Whether this bug is wanted.
bool has_bug(const char* name);

/// Looks at a node that is complete, and adds what cuDNN would know of it.
void finish(Node& node);

/// Runs a graph on the operands of a variant pack. @param tensor_cores as an engine that multiplies FP32 in TF32
void compute(const Node& graph, const Node& pack, bool tensor_cores);

}  // namespace gpubench::fake_cudnn
