#include <cmath>
#include <limits>

#include "harness/devices/cuda/cudnn/operations.hpp"
#include "kernels/training/cuda/cudnn_types.hpp"
#include "kernels/training/cuda/graphs.hpp"

// Sizes are {sequences, heads, rows, columns}. Scores are never in memory where cuDNN finds what it calls flash
// attention in the graph; it does forward.

namespace gpubench::training {
namespace {

using cudnn::DataType, cudnn::Pointwise, cudnn::Tensor;
using Sizes = std::vector<std::int64_t>;

/// The tensors of one graph: each gets an id of its own.
class Tensors {
 public:
  Tensors(const AttentionShape& shape, Type type) : shape_(shape), type_(cudnn_type(type)) {}

  /// Of one of q, k, v, their gradients: heads side by side within a row of qkv. Its transpose is the same memory.
  Tensor part_of_qkv() { return rows(3 * shape_.width()); }
  Tensor part_of_qkv_transposed() {
    Tensor t = part_of_qkv();
    std::swap(t.dimensions[2], t.dimensions[3]);
    std::swap(t.strides[2], t.strides[3]);
    return t;
  }
  Tensor like_y() { return rows(shape_.width()); }
  Tensor scores(DataType type, bool transposed = false) {
    const std::int64_t s = shape_.sequence;
    Tensor t = virtual_one(type, {shape_.batch, shape_.heads, s, s});
    if (transposed) std::swap(t.strides[2], t.strides[3]);
    return t;
  }
  Tensor own_scores(bool transposed = false) { return scores(type_, transposed); }
  Tensor by_row(Tensor::Place place) {
    Tensor t = virtual_one(DataType::f32, {shape_.batch, shape_.heads, shape_.sequence, 1});
    t.place = place;
    return t;
  }
  Tensor by_row() { return by_row(Tensor::Place::virtual_one); }
  Tensor product_of_rows() {
    return virtual_one(DataType::f32, {shape_.batch, shape_.heads, shape_.sequence, shape_.head_size});
  }
  Tensor constant() {
    Tensor t = virtual_one(DataType::f32, {1, 1, 1, 1});
    t.place = Tensor::Place::by_value;
    return t;
  }

 private:
  Tensor rows(std::int64_t row) {
    const std::int64_t d = shape_.head_size, s = shape_.sequence;
    return {.id = ++last_,
            .type = type_,
            .dimensions = {shape_.batch, shape_.heads, s, d},
            .strides = {s * row, d, row, 1}};
  }
  Tensor virtual_one(DataType type, const Sizes& sizes) {
    return {.id = ++last_,
            .type = type,
            .dimensions = sizes,
            .strides = cudnn::row_major(sizes),
            .place = Tensor::Place::virtual_one};
  }

  AttentionShape shape_;
  DataType type_;
  std::int64_t last_ = 0;
};

std::size_t bytes_of(const AttentionShape& shape, Type type) {
  return static_cast<std::size_t>(shape.width()) * (type == Type::f32 ? 4 : 2);
}

/// q k^T / sqrt(size of a head), and minus infinity where a row would look ahead.
Tensor masked_scores(
    Tensors& tensors, CudnnGraph& graph, const Tensor& q, const Tensor& kt, const AttentionShape& shape) {
  const Tensor plain = tensors.scores(DataType::f32), scaled = tensors.scores(DataType::f32);
  const Tensor row = tensors.scores(DataType::i32), column = tensors.scores(DataType::i32);
  const Tensor seen = tensors.scores(DataType::boolean);
  Tensor masked = tensors.scores(DataType::f32);
  const Tensor scale = tensors.constant(), nothing = tensors.constant();
  graph.constants = {{scale.id, 1 / std::sqrt(static_cast<float>(shape.head_size))},
                     {nothing.id, -std::numeric_limits<float>::infinity()}};
  graph.operations.insert(graph.operations.end(),
                          {cudnn::matmul(q, kt, plain),
                           cudnn::pointwise(Pointwise::mul, plain, scale, scaled),
                           cudnn::position_along(2, scaled, row),
                           cudnn::position_along(3, scaled, column),
                           cudnn::at_least(row, column, seen),
                           cudnn::select(seen, scaled, nothing, masked)});
  return masked;
}

Tensor transposed(Tensors& tensors, CudnnGraph& graph, const Tensor& scores) {
  Tensor other = tensors.own_scores(true);
  graph.operations.push_back(cudnn::reshape(scores, other));
  return other;
}

/// Of the scores: weights * (dy v^T - what the softmax takes from a row) * scale.
Tensor score_gradient(Tensors& tensors,
                      CudnnGraph& graph,
                      const Tensor& weights,
                      const Tensor& dweights,
                      const Tensor& taken,
                      const Tensor& scale) {
  const Tensor left = tensors.scores(DataType::f32), weighed = tensors.scores(DataType::f32);
  Tensor dscores = tensors.own_scores();
  graph.operations.insert(graph.operations.end(),
                          {cudnn::pointwise(Pointwise::sub, dweights, taken, left),
                           cudnn::pointwise(Pointwise::mul, left, weights, weighed),
                           cudnn::pointwise(Pointwise::mul, weighed, scale, dscores)});
  return dscores;
}

}  // namespace

CudnnGraph cudnn_graph(const AttentionForward& o) {
  Tensors tensors(o.shape, o.type);
  CudnnGraph graph;
  const Tensor q = tensors.part_of_qkv(), kt = tensors.part_of_qkv_transposed(), v = tensors.part_of_qkv();
  const Tensor y = tensors.like_y(), saved = tensors.by_row(Tensor::Place::memory);
  const Tensor masked = masked_scores(tensors, graph, q, kt, o.shape);
  const Tensor most = tensors.by_row(), shifted = tensors.scores(DataType::f32), raised = tensors.scores(DataType::f32);
  const Tensor sum = tensors.by_row(), log = tensors.by_row(), weights = tensors.own_scores();
  graph.operations.insert(graph.operations.end(),
                          {cudnn::reduction(cudnn::Reduction::max, masked, most),
                           cudnn::pointwise(Pointwise::sub, masked, most, shifted),
                           cudnn::pointwise(Pointwise::exp, shifted, raised),
                           cudnn::reduction(cudnn::Reduction::add, raised, sum),
                           cudnn::pointwise(Pointwise::log, sum, log),
                           cudnn::pointwise(Pointwise::add, most, log, saved),
                           cudnn::pointwise(Pointwise::div, raised, sum, weights),
                           cudnn::matmul(weights, v, y)});
  const std::size_t width = bytes_of(o.shape, o.type);
  graph.inputs = {{q.id, 0, 0}, {kt.id, 0, width}, {v.id, 0, 2 * width}};
  graph.outputs = {{y.id, 0, 0}, {saved.id, 1, 0}};
  return graph;
}

CudnnGraph cudnn_graph(const AttentionBackward& o) {
  Tensors tensors(o.shape, o.type);
  CudnnGraph graph;
  const Tensor q = tensors.part_of_qkv(), k = tensors.part_of_qkv(), kt = tensors.part_of_qkv_transposed();
  const Tensor vt = tensors.part_of_qkv_transposed(), y = tensors.like_y(), dy = tensors.like_y();
  const Tensor saved = tensors.by_row(Tensor::Place::memory);
  const Tensor dq = tensors.part_of_qkv(), dk = tensors.part_of_qkv(), dv = tensors.part_of_qkv();

  // The sum over a row of dy * y is what the softmax takes from each of its gradients.
  const Tensor dy_y = tensors.product_of_rows(), taken = tensors.by_row();
  graph.operations = {cudnn::pointwise(Pointwise::mul, dy, y, dy_y),
                      cudnn::reduction(cudnn::Reduction::add, dy_y, taken)};
  const Tensor masked = masked_scores(tensors, graph, q, kt, o.shape);
  Tensor scale = tensors.constant();
  scale.id = graph.constants[0].id;  // the one that is there already
  const Tensor shifted = tensors.scores(DataType::f32), weights = tensors.own_scores();
  const Tensor dweights = tensors.scores(DataType::f32);
  graph.operations.push_back(cudnn::pointwise(Pointwise::sub, masked, saved, shifted));
  graph.operations.push_back(cudnn::pointwise(Pointwise::exp, shifted, weights));
  graph.operations.push_back(cudnn::matmul(transposed(tensors, graph, weights), dy, dv));
  graph.operations.push_back(cudnn::matmul(dy, vt, dweights));
  const Tensor dscores = score_gradient(tensors, graph, weights, dweights, taken, scale);
  graph.operations.push_back(cudnn::matmul(dscores, k, dq));
  graph.operations.push_back(cudnn::matmul(transposed(tensors, graph, dscores), q, dk));
  const std::size_t width = bytes_of(o.shape, o.type);
  graph.inputs = {{q.id, 0, 0},
                  {k.id, 0, width},
                  {kt.id, 0, width},
                  {vt.id, 0, 2 * width},
                  {saved.id, 1, 0},
                  {dy.id, 2, 0},
                  {y.id, 3, 0}};
  graph.outputs = {{dq.id, 0, 0}, {dk.id, 0, width}, {dv.id, 0, 2 * width}};
  return graph;
}

}  // namespace gpubench::training
