#include <algorithm>
#include <utility>

#include "kernels/training/host/loops.hpp"
#include "kernels/training/onednn/plans.hpp"

// Attention as batched products with the heads apart and a softmax of our own between them. A mask given to oneDNN's
// product instead ends in its reference implementation, a thousand times slower, from a batch of 2 on (2.6.3).
namespace gpubench::training::onednn {
namespace {

constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

/// {batch * heads, rows, columns}; transposed: the numbers lie as {batch * heads, columns, rows}.
struct Matrix {
  std::int64_t rows, columns;
  Type type;
  bool transposed = false;
};

/// What forward and backward share: sizes, the products, and where things lie in the scratch memory.
class Attention : public Planned {
 protected:
  Attention(const Setting& setting, const Operation& operation, const AttentionShape& shape, Type type)
      : setting_(setting), operation_(operation), shape_(shape), type_(type) {}

  using Call = std::function<void()>;

  /// y = x * w of every head, as a plan of its own.
  std::unique_ptr<Planned> product(const Matrix& x, const Matrix& w, const Matrix& y) {
    const Desc dx = desc(x), dw = desc(w), dy = desc(y);
    auto one = planned(setting_,
                       operation_,
                       gpubench::onednn::matmul(setting_.engine, dx, dw, Desc(), dy, setting_.attr),
                       {{DNNL_ARG_SRC, dx}, {DNNL_ARG_WEIGHTS, dw}},
                       {{DNNL_ARG_DST, dy}},
                       Tensors::as_described);
    if (implementation.find(one->implementation) == std::string::npos)
      implementation += (implementation.empty() ? "" : ", ") + one->implementation;
    product_scratch_ = std::max(product_scratch_, aligned(one->scratch_bytes));
    return one;
  }

  /// A piece of scratch memory of one number a row and column of every head.
  std::size_t take(const Matrix& matrix) {
    const std::size_t at = taken_;
    taken_ += aligned(desc(matrix).get_size());
    return at;
  }
  void fix_scratch() { scratch_bytes = taken_ + product_scratch_; }
  static void* at(void* scratch, std::size_t offset) { return static_cast<std::byte*>(scratch) + offset; }
  Call bound(const Planned& product, void* x, void* w, void* y, void* scratch) const {
    return product.bind(std::vector<void*>{x, w}, std::vector<void*>{y}, at(scratch, taken_));
  }

  TensorDesc tensor(const Shape& shape) const {
    return tensor_of({.shape = shape, .type = type_}, plain_desc(shape, type_));
  }
  TensorDesc saved() const {
    const Desc bytes = plain_desc({shape_.batch * shape_.heads, shape_.sequence, shape_.sequence}, type_);
    return tensor_of({.type = Type::opaque}, bytes);
  }
  /// q, k or v in a row of qkv.
  host::Heads third(int which) const {
    return {.shape = shape_, .type = type_, .row_width = 3 * shape_.width(), .offset = which * shape_.width()};
  }
  host::Heads whole() const { return {.shape = shape_, .type = type_, .row_width = shape_.width()}; }

  Matrix heads() const { return {.rows = shape_.sequence, .columns = shape_.head_size, .type = type_}; }
  Matrix square(Type type) const { return {.rows = shape_.sequence, .columns = shape_.sequence, .type = type}; }
  static Matrix transposed(Matrix matrix) {
    std::swap(matrix.rows, matrix.columns);
    matrix.transposed = !matrix.transposed;
    return matrix;
  }

  static Call split(const host::Heads& heads, const void* rows, void* apart) {
    return [=] { GPUBENCH_HOST_RUN(split, heads, rows, apart); };
  }
  static Call join(const host::Heads& heads, const void* apart, void* rows) {
    return [=] { GPUBENCH_HOST_RUN(join, heads, apart, rows); };
  }
  static Call in_order(std::vector<Call> calls) {
    return [calls = std::move(calls)] {
      for (const Call& call : calls) call();
    };
  }

  Setting setting_;
  Operation operation_;
  AttentionShape shape_;
  Type type_;

 private:
  Desc desc(const Matrix& m) const {
    const std::int64_t size = m.rows * m.columns;
    const dnnl::memory::dims strides =
        m.transposed ? dnnl::memory::dims{size, 1, m.rows} : dnnl::memory::dims{size, m.columns, 1};
    return {{shape_.batch * shape_.heads, m.rows, m.columns}, data_type(m.type), strides};
  }

  std::size_t taken_ = 0, product_scratch_ = 0;
};

class Forward : public Attention {
 public:
  Forward(const Setting& setting, const AttentionForward& operation)
      : Attention(setting, operation, operation.shape, operation.type) {
    inputs = {tensor(shape_.qkv())};
    outputs = {tensor(shape_.y()), saved()};
    scores_ = product(heads(), transposed(heads()), square(Type::f32));
    weighed_ = product(square(type_), heads(), heads());
    for (std::size_t* piece : {&q_, &k_, &v_}) *piece = take(heads());
    s_ = take(square(Type::f32));
    fix_scratch();
  }

  Call bind(std::span<void* const> from, std::span<void* const> to, void* scratch) const override {
    void *const q = at(scratch, q_), *const k = at(scratch, k_), *const v = at(scratch, v_);
    void *const s = at(scratch, s_), *const p = to[1], *const y = q;  // q is not needed any more
    const auto softmax = [shape = shape_, type = type_, s, p] {
      GPUBENCH_HOST_RUN(causal_softmax, shape, type, static_cast<const float*>(s), p);
    };
    return in_order({split(third(0), from[0], q),
                     split(third(1), from[0], k),
                     split(third(2), from[0], v),
                     bound(*scores_, q, k, s, scratch),
                     softmax,
                     bound(*weighed_, p, v, y, scratch),
                     join(whole(), y, to[0])});
  }

 private:
  std::unique_ptr<Planned> scores_, weighed_;
  std::size_t q_ = 0, k_ = 0, v_ = 0, s_ = 0;
};

class Backward : public Attention {
 public:
  Backward(const Setting& setting, const AttentionBackward& operation)
      : Attention(setting, operation, operation.shape, operation.type) {
    inputs = {tensor(shape_.qkv()), saved(), tensor(shape_.y())};
    outputs = {tensor(shape_.qkv())};
    in_place = {{.output = 0, .input = 0}};
    from_rows_ = product(square(type_), heads(), heads());                 // dq = ds k
    from_columns_ = product(transposed(square(type_)), heads(), heads());  // dk = ds^T q, dv = p^T dy
    dp_from_ = product(heads(), transposed(heads()), square(Type::f32));   // dp = dy v^T
    for (std::size_t* piece : {&q_, &k_, &v_, &dy_, &result_}) *piece = take(heads());
    dp_ = take(square(Type::f32));
    ds_ = take(square(type_));
    fix_scratch();
  }

  Call bind(std::span<void* const> from, std::span<void* const> to, void* scratch) const override {
    void *const q = at(scratch, q_), *const k = at(scratch, k_), *const v = at(scratch, v_);
    void *const dy = at(scratch, dy_), *const result = at(scratch, result_);
    void *const dp = at(scratch, dp_), *const ds = at(scratch, ds_), *const p = from[1];
    const auto softmax = [shape = shape_, type = type_, p, dp, ds] {
      GPUBENCH_HOST_RUN(causal_softmax_gradient, shape, type, p, static_cast<const float*>(dp), ds);
    };
    return in_order({split(third(0), from[0], q),
                     split(third(1), from[0], k),
                     split(third(2), from[0], v),
                     split(whole(), from[2], dy),
                     bound(*from_columns_, p, dy, result, scratch),
                     join(third(2), result, to[0]),
                     bound(*dp_from_, dy, v, dp, scratch),
                     softmax,
                     bound(*from_rows_, ds, k, result, scratch),
                     join(third(0), result, to[0]),
                     bound(*from_columns_, ds, q, result, scratch),
                     join(third(1), result, to[0])});
  }

 private:
  std::unique_ptr<Planned> from_rows_, from_columns_, dp_from_;
  std::size_t q_ = 0, k_ = 0, v_ = 0, dy_ = 0, result_ = 0, dp_ = 0, ds_ = 0;
};

}  // namespace

std::unique_ptr<Planned> plan(const Setting& setting, const AttentionForward& operation, Given) {
  return std::make_unique<Forward>(setting, operation);
}
std::unique_ptr<Planned> plan(const Setting& setting, const AttentionBackward& operation, Given) {
  return std::make_unique<Backward>(setting, operation);
}

}  // namespace gpubench::training::onednn
