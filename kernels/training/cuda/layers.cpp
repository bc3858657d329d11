#include "kernels/training/cuda/layers.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <cuda_runtime_api.h>

#include "harness/core/error.hpp"
#include "harness/devices/cuda/check.hpp"
#include "harness/devices/cuda/cudnn/cudnn.hpp"
#include "harness/devices/cuda/graph.hpp"
#include "kernels/training/cuda/layout.hpp"

namespace gpubench::training {
namespace {

class DeviceMemory : public Memory {
 public:
  DeviceMemory(cuda::Memory& memory, std::size_t bytes) : block_(memory.take(std::max<std::size_t>(bytes, 1))) {}
  std::byte* data() override { return block_.as<std::byte>(); }

 private:
  cuda::Memory::Block block_;
};

void expect(std::size_t values, const TensorDesc& desc) {
  if (static_cast<std::int64_t>(values) != elements(desc.shape))
    throw Error(fmt::format("{} values for a tensor of {}", values, elements(desc.shape)));
}

std::vector<TensorDesc> laid_out(const std::vector<TensorDesc>& tensors, const std::vector<Shape>& rooms) {
  std::vector<TensorDesc> all;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto& [shape, type, bytes, layout] = tensors[i];
    all.push_back(rooms.empty() ? channels_last(shape, type) : channels_last(shape, type, rooms[i]));
  }
  return all;
}

class PlannedGraph : public Planned {
 public:
  PlannedGraph(const Operation& operation, const cudnn::Target& target, Precision fp32)
      : handle_(target.handle()),
        graph_(graph_of(operation)),
        plan_(planned_by_cudnn(target, graph_, operation, fp32)) {
    const Operands wanted = operands(operation);
    inputs = laid_out(wanted.inputs, graph_.input_rooms);
    outputs = laid_out(wanted.outputs, graph_.output_rooms);
    scratch_bytes = plan_.workspace_bytes();
    implementation = fmt::format("engine {}{}", plan_.engine(), plan_.compiled_at_run_time() ? ", compiled" : "");
    choice = plan_.texts();
    if (!graph_.input_rooms.empty()) choice["channels"] = "padded to multiples of 8 where they are none";
  }

  std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void* scratch) const override {
    auto constants = std::make_shared<std::vector<float>>();  // cuDNN reads them when a plan runs
    std::vector<cudnn::Plan::Bound> operands;
    for (const auto& [id, operand, offset] : graph_.inputs)
      operands.emplace_back(id, static_cast<std::byte*>(from[operand]) + offset);
    for (const auto& [id, operand, offset] : graph_.outputs)
      operands.emplace_back(id, static_cast<std::byte*>(to[operand]) + offset);
    for (const auto& constant : graph_.constants) constants->push_back(constant.value);
    for (std::size_t i = 0; i < constants->size(); ++i) operands.emplace_back(graph_.constants[i].id, &(*constants)[i]);
    return [handle = handle_, plan = plan_, bound = plan_.bound(operands, scratch), constants] {
      plan.enqueue(handle, bound);
    };
  }

 private:
  cudnn::Handle handle_;
  CudnnGraph graph_;
  cudnn::Plan plan_;
};

/// From place to place as it lies.
class PlannedCopy : public Planned {
 public:
  PlannedCopy(const TensorDesc& tensor, cuda::Stream stream) : stream_(stream) {
    inputs = outputs = {tensor};
    implementation = "cudaMemcpyAsync";
  }
  std::function<void()> bind(std::span<void* const> from, std::span<void* const> to, void*) const override {
    return [from = from[0], to = to[0], bytes = inputs[0].bytes, stream = stream_] {
      cuda::check(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDeviceToDevice, stream), "cudaMemcpyAsync");
    };
  }

 private:
  cuda::Stream stream_;
};

}  // namespace

CudaLayers::CudaLayers(cuda::CudaDevice& device, Precision fp32)
    : device_(device),
      fp32_(fp32),
      stream_(device.place().stream()),
      target_(cudnn::handle_of(device.properties().ordinal)) {
  cudnn::check(cudnn::cudnnSetStream(target_.handle(), stream_), "setting the stream");
}

std::unique_ptr<Planned> CudaLayers::plan(const Operation& operation, std::span<const TensorDesc> given) {
  if (given.size() != operands(operation).inputs.size())
    throw Error(fmt::format("{} planned with a wrong number of inputs", text(operation)));
  if (const auto* reorder = std::get_if<Reorder>(&operation)) {
    const TensorDesc& from = given[0].layout ? given[0] : reorder->from;
    if (!same(from, reorder->to))
      throw Unsupported("changing a tensor's layout or type on a GPU is not part of this version");
    return std::make_unique<PlannedCopy>(from, stream_);
  }
  if (kind(operation) != "convolution")
    throw Unsupported(fmt::format("{} on a GPU is not part of this version (--device cpu runs it)", text(operation)));
  return std::make_unique<PlannedGraph>(operation, target_, fp32_);
}

TensorDesc CudaLayers::plain(const Shape& shape, Type type) { return row_major(shape, type); }

std::unique_ptr<Memory> CudaLayers::allocate(std::size_t bytes) {
  return std::make_unique<DeviceMemory>(device_.memory(), bytes);
}

void CudaLayers::upload(std::span<const float> values, const TensorDesc& desc, void* to) {
  expect(values.size(), desc);
  const std::vector<std::byte> bytes = packed(values, desc);
  cuda::copy_to_device(stream_, to, bytes.data(), bytes.size());
}

void CudaLayers::download(const TensorDesc& desc, const void* from, std::span<float> values) {
  expect(values.size(), desc);
  std::vector<std::byte> bytes(desc.bytes);
  cuda::copy_to_host(stream_, bytes.data(), from, bytes.size());
  unpack(desc, bytes, values);
}

double CudaLayers::scalar(const TensorDesc& desc, const void* from) {
  float value = 0;
  download(desc, from, {&value, 1});
  return value;
}

void CudaLayers::clear(void* to, std::size_t bytes) {
  cuda::check(cudaMemsetAsync(to, 0, bytes, stream_), "cudaMemsetAsync");
}

std::function<void()> CudaLayers::record(const std::function<void()>& enqueue) try {
  const auto graph = std::make_shared<cuda::Graph>(stream_, enqueue);
  return [graph, stream = stream_] { graph->enqueue(stream); };
} catch (const DeviceLost&) {
  throw;
} catch (const OutOfMemory&) {
  throw;
} catch (const Error&) {  // an engine that does more than enqueue says so when it is recorded; nothing is lost by that
  return {};
} catch (const Unsupported&) {
  return {};
}

void CudaLayers::wait() { cuda::check(cudaStreamSynchronize(stream_), "cudaStreamSynchronize"); }

}  // namespace gpubench::training
