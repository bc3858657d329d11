#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/harness/devices/cuda/fake_cudnn/node.hpp"
#include "tests/harness/devices/cuda/fake_runtime/fake_device.hpp"

// The functions of the library.

struct cudnnContext {
  cudaStream_t stream = nullptr;
};

namespace gpubench::fake_cudnn {
namespace {

std::string last_error;

/// A descriptor as the caller holds it.
using Held = NodePointer;

template <class Call>
Status answered(const Call& call) {
  try {
    call();
    last_error.clear();
    return Status::success;
  } catch (const Refusal& refusal) {
    last_error = refusal.what();
    return refusal.status;
  }
}

Node& held(cudnn::RawDescriptor raw) { return **static_cast<Held*>(raw); }

std::size_t size_of(Kind kind) {
  switch (kind) {
    case Kind::boolean:
    case Kind::text: return 1;
    case Kind::i64:
    case Kind::f64:
    case Kind::pointer:
    case Kind::handle:
    case Kind::descriptor: return 8;
    default: return 4;
  }
}

void set(Node& node, Attribute attribute, Kind kind, std::int64_t count, const void* elements) {
  if (node.final) throw Refusal(Status::bad_parameter, "it is final");
  Node::Value value{.kind = kind, .count = count};
  if (kind == Kind::descriptor) {
    for (std::int64_t i = 0; i < count; ++i) {
      value.nodes.push_back(*static_cast<Held*>(static_cast<const cudnn::RawDescriptor*>(elements)[i]));
      if (!value.nodes.back()->final) throw Refusal(Status::bad_parameter, "a part of it is not final");
    }
  } else {
    value.bytes.resize(static_cast<std::size_t>(count) * size_of(kind));
    std::memcpy(value.bytes.data(), elements, value.bytes.size());
  }
  node.values[attribute] = std::move(value);
}

void get(const Node& node, Attribute attribute, Kind kind, std::int64_t room, std::int64_t* count, void* elements) {
  if (!node.final) throw Refusal(Status::bad_parameter, "it is not final");
  const Node::Value& value = node.value(attribute);
  if (value.kind != kind) throw Refusal(Status::bad_parameter, "it is of another kind");
  *count = value.count;
  const auto given = static_cast<std::size_t>(std::min(room, value.count));
  if (kind == Kind::descriptor)
    for (std::size_t i = 0; i < given; ++i)
      *static_cast<Held*>(static_cast<cudnn::RawDescriptor*>(elements)[i]) = value.nodes[i];
  else if (given > 0)
    std::memcpy(elements, value.bytes.data(), given * size_of(kind));
}

void execute(cudnn::Handle handle, const Node& plan, const Node& pack) {
  const Node& engine = plan.node(Attribute::plan_config).node(Attribute::config_engine);
  const bool tensor_cores = engine.one<std::int64_t>(Attribute::engine_index) == 0;
  if (pack.one<void*>(Attribute::pack_workspace) == nullptr)
    throw Refusal(Status::bad_parameter, "the plan needs a workspace");
  const Node graph = engine.node(Attribute::graph_operations);
  const cudaError_t status =
      handle->stream->enqueue(handle->stream, [graph, pack, tensor_cores] { compute(graph, pack, tensor_cores); });
  if (status != cudaSuccess) throw Refusal(Status::execution_failed, "the runtime refuses it");
}

}  // namespace

bool has_bug(const char* name) {
  const char* wanted = std::getenv("GPUBENCH_FAKE_CUDNN_BUG");
  return wanted && std::string(wanted) == name;
}

}  // namespace gpubench::fake_cudnn

using namespace gpubench;
using namespace gpubench::fake_cudnn;

extern "C" {

std::size_t cudnnGetVersion() { return 91900; }
std::size_t cudnnGetCudartVersion() { return 13000; }
const char* cudnnGetErrorString(Status status) {
  return status == Status::not_supported ? "NOT_SUPPORTED" : "AN_ERROR_OF_THE_FAKE";
}
void cudnnGetLastErrorString(char* text, std::size_t size) {
  std::strncpy(text, last_error.c_str(), size - 1);
  text[size - 1] = '\0';
}
Status cudnnCreate(cudnn::Handle* handle) {
  *handle = new cudnnContext;
  return Status::success;
}
Status cudnnSetStream(cudnn::Handle handle, CUstream_st* stream) {
  handle->stream = stream;
  return Status::success;
}
Status cudnnBackendCreateDescriptor(DescriptorType type, cudnn::RawDescriptor* descriptor) {
  *descriptor = new Held(std::make_shared<Node>(Node{.type = type}));
  return Status::success;
}
Status cudnnBackendDestroyDescriptor(cudnn::RawDescriptor descriptor) {
  delete static_cast<Held*>(descriptor);
  return Status::success;
}
Status cudnnBackendSetAttribute(
    cudnn::RawDescriptor descriptor, Attribute attribute, Kind kind, std::int64_t count, const void* elements) {
  return answered([&] { set(held(descriptor), attribute, kind, count, elements); });
}
Status cudnnBackendGetAttribute(cudnn::RawDescriptor descriptor,
                                Attribute attribute,
                                Kind kind,
                                std::int64_t room,
                                std::int64_t* count,
                                void* elements) {
  return answered([&] { get(held(descriptor), attribute, kind, room, count, elements); });
}
Status cudnnBackendFinalize(cudnn::RawDescriptor descriptor) {
  return answered([&] {
    finish(held(descriptor));
    held(descriptor).final = true;
  });
}
Status cudnnBackendExecute(cudnn::Handle handle, cudnn::RawDescriptor plan, cudnn::RawDescriptor pack) {
  return answered([&] { execute(handle, held(plan), held(pack)); });
}
}
