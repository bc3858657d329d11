#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace gpubench {

/// What a device provides for products of one shape and format: several sets of operands, each with a result of its
/// own. Construction plans and takes no memory. Sets are numbered from 0.
class Products {
 public:
  virtual ~Products() = default;
  virtual std::map<std::string, std::string> plan() const = 0;

  virtual double set_bytes() const = 0;    ///< operands and result of one set, as they lie on the device
  virtual double other_bytes() const = 0;  ///< beside the sets: scratch, and what filling takes
  virtual double cache_bytes() const = 0;  ///< what the sets together have to get past, twice

  virtual void allocate(int sets) = 0;  ///< @throws OutOfMemory
  /// Gives the operands the values of kernels/gemm/values.hpp. @throws Error
  virtual void fill(int set) = 0;
  /// Fills the result with what no product gives: NaN, or an integer beyond any sum.
  virtual void spoil(int set) = 0;
  /// May return before it is done.
  virtual void run(int set) = 0;
  /// An element of the result; waits for all runs.
  virtual double result(int set, std::int64_t row, std::int64_t column) = 0;
};

}  // namespace gpubench
