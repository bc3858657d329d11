#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include "kernels/training/oracle/formats.hpp"
#include "kernels/training/oracle/oracle.hpp"
#include "tests/kernels/training/oracle/samples.hpp"

// Numbers between the oracle, which has them in double, and arrays of the device.

namespace gpubench::device_tests {

using training::oracle::Values;

template <class T>
constexpr training::Type type_of() {
  if constexpr (std::is_same_v<T, __nv_bfloat16>) return training::Type::bf16;
  if constexpr (std::is_same_v<T, __half>) return training::Type::f16;
  if constexpr (std::is_same_v<T, std::int32_t>) return training::Type::i32;
  return training::Type::f32;
}

/// Calls `body` with a null pointer of each type that activations have.
template <class Body>
void for_each_type(const Body& body) {
  const auto traced = [&]<class T>(T* type) {
    SCOPED_TRACE(name(type_of<T>()));
    body(type);
  };
  traced(static_cast<float*>(nullptr));
  traced(static_cast<__nv_bfloat16*>(nullptr));
  traced(static_cast<__half*>(nullptr));
}

/// To nearest, by the oracle's own rounding.
template <class T>
std::vector<T> stored_as(const Values& values) {
  std::vector<T> stored;
  for (const double value : values) {
    if constexpr (std::is_same_v<T, std::int32_t>)
      stored.push_back(static_cast<T>(value));
    else
      stored.push_back(static_cast<T>(
          static_cast<float>(training::oracle::rounded(value, training::oracle::format_of(type_of<T>())))));
  }
  return stored;
}

template <class T>
Values numbers(const std::vector<T>& stored) {
  Values values;
  for (const T value : stored) {
    if constexpr (std::is_same_v<T, std::int32_t>)
      values.push_back(value);
    else
      values.push_back(static_cast<double>(static_cast<float>(value)));
  }
  return values;
}

/// `values` as the type holds them.
template <class T>
Values rounded_to(const Values& values) {
  return numbers(stored_as<T>(values));
}

/// Every element of an output within its bound. Stops at the first that is not.
inline void expect_agreement(training::oracle::Oracle& oracle, int output, const Values& got) {
  for (std::size_t i = 0; i < got.size(); ++i) {
    const training::oracle::Truth truth = oracle.at(output, static_cast<std::int64_t>(i));
    ASSERT_TRUE(agrees(got[i], truth)) << "output " << output << ", element " << i << ": " << got[i] << " should be "
                                       << truth.value << " within " << truth.bound;
  }
}

/// The bits of an array, to be compared where NaN counts too.
template <class T>
std::vector<std::uint32_t> bits(const std::vector<T>& values) {
  std::vector<std::uint32_t> all;
  for (const T value : values) all.push_back(std::bit_cast<std::uint32_t>(static_cast<float>(value)));
  return all;
}

}  // namespace gpubench::device_tests
