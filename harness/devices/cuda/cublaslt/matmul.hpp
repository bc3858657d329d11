#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/devices/cuda/cublaslt/abi.hpp"

namespace gpubench::cublaslt {

/// @param call what was called, for the text. @throws with cuBLASLt's text of the failure: Unsupported where it has no
/// algorithm, OutOfMemory, else Error
void check(Status status, const char* call);

/// cuBLASLt on one device, made when it is first asked for and kept: making one takes some memory and time.
class Context {
 public:
  explicit Context(int ordinal) : ordinal_(ordinal) {}
  Context(const Context&) = delete;
  Context(Context&&) = delete;
  Context& operator=(const Context&) = delete;
  Context& operator=(Context&&) = delete;
  ~Context() = default;  // not given back: that would synchronise with a device that may be lost

  /// Makes the device the current one. @throws Unsupported where there is no cuBLASLt
  Handle handle();

 private:
  int ordinal_;
  Handle handle_ = nullptr;
};

/// D = epilogue(alpha * A * B) as cuBLASLt counts: columns one after the other. A is m x k or, transposed, lies as k x
/// m; B k x n or n x k; D m x n. No gaps between columns. A bias has m numbers, aux is as large as D; both are in D's
/// type.
struct Shape {
  std::int64_t m = 1, n = 1, k = 1;
  bool transpose_a = false, transpose_b = false;
  DataType operands = DataType::f32, result = DataType::f32;
  Compute compute = Compute::f32;
  Epilogue epilogue = Epilogue::none;
  bool fast_accumulation = false;  ///< of FP8
};

/// Where the operands of a run lie. Addresses are multiples of 256 bytes.
struct Operands {
  const void* a = nullptr;
  const void* b = nullptr;
  void* d = nullptr;
  void* bias = nullptr;  ///< or where its gradient goes
  void* aux = nullptr;
};

/// A product described to cuBLASLt; needs no device.
class Matmul {
 public:
  /// @throws Unsupported where there is no cuBLASLt or it refuses the description
  explicit Matmul(const Shape& shape);

  /// What it would take, best first by its own estimate, within `workspace_bytes`. At most `most`.
  /// @throws Unsupported where it has none
  std::vector<Candidate> candidates(Handle handle, std::size_t workspace_bytes, int most) const;

  /// A run on operands that stay where they are.
  struct Bound {
    std::shared_ptr<DescOpaque> desc{};
    Operands operands{};
  };
  Bound bind(const Operands& operands) const;
  void enqueue(Handle handle,
               const Bound& bound,
               double alpha,
               const Candidate& by,
               void* workspace,
               std::size_t workspace_bytes,
               cuda::Stream stream) const;

  DescOpaque* desc() const { return desc_.get(); }
  LayoutOpaque* a() const { return a_.get(); }
  LayoutOpaque* b() const { return b_.get(); }
  LayoutOpaque* d() const { return d_.get(); }

 private:
  std::shared_ptr<DescOpaque> described(const Operands& operands) const;

  Shape shape_;
  std::shared_ptr<DescOpaque> desc_;
  std::shared_ptr<LayoutOpaque> a_, b_, d_;
};

/// The arithmetic that an algorithm does, as bits; 0 where it is not told.
std::uint64_t arithmetic_of(const Candidate& candidate);

/// What an algorithm is, by name: `matmul` for a glance (`tile 128x256, cluster 2x1`), `algorithm`, `arithmetic`,
/// `workspace`, `waves`.
std::map<std::string, std::string> text_of(const Candidate& candidate);

}  // namespace gpubench::cublaslt
