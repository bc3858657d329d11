#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "harness/kernel.hpp"

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
  /// Gives operands (and what an epilogue reads) the values of kernels/gemm/values.hpp. @throws Error
  virtual void fill(int set) = 0;
  /// Fills the results with what no product gives: NaN, or an integer beyond any sum.
  virtual void spoil(int set) = 0;
  /// All sets are filled: what is left to choose may be tried out on them now.
  virtual void settle_plan(Progress& progress) { (void)progress; }
  /// May return before it is done.
  virtual void run(int set) = 0;
  /// Every set has run once: a run of each, in their order, may be recorded and from now on be enqueued as one by
  /// run_turn(), where many short runs would keep the host busy. @returns whether it was
  virtual bool record_turn() { return false; }
  virtual void run_turn() {}
  /// An element of the result; waits for all runs.
  virtual double result(int set, std::int64_t row, std::int64_t column) = 0;
  /// Number `index` of the epilogue's other result (side_results()); waits, too.
  virtual double side_result(int set, std::int64_t index) {
    (void)set, (void)index;
    return std::numeric_limits<double>::quiet_NaN();
  }
};

}  // namespace gpubench
