#pragma once

#include <cmath>
#include <cstring>
#include <vector>

#include "kernels/training/cuda/parameter_table.hpp"
#include "tests/harness/devices/cuda/device_test.hpp"
#include "tests/kernels/training/cuda/numbers.hpp"

namespace gpubench::device_tests {

/// A parameter under test. Its arrays begin some elements into their memory: `offset` those in FP32.
struct ParameterCase {
  std::int64_t count = 0;
  training::Type gradient_type = training::Type::f32;
  double decay = 0;
  bool has_copy = false;
  training::Type copy_type = training::Type::bf16;
  std::size_t offset = 0, gradient_offset = 0, copy_offset = 0;
};

/// What an optimizer is given of one parameter, exact in the types that it is stored as.
struct ParameterValues {
  Values weights, gradients, first, second;
};

inline ParameterValues parameter_values(const ParameterCase& of, std::uint64_t stream, double loss_scale) {
  using training::oracle::each, training::oracle::normal;
  const Values gradients = each(normal(of.count, stream), [=](double value) { return 0.01 * loss_scale * value; });
  return {.weights = rounded_to<float>(normal(of.count, stream + 1)),
          .gradients = each(gradients,
                            [&](double value) {
                              return training::oracle::rounded(value, training::oracle::format_of(of.gradient_type));
                            }),
          .first = rounded_to<float>(normal(of.count, stream + 2)),
          .second = rounded_to<float>(each(normal(of.count, stream + 3), [](double value) { return value * value; }))};
}

/// Parameters in the device's memory, and the table of them. What lies before an array's beginning is 0.
class Parameters {
 public:
  Parameters(const Device& device,
             const std::vector<ParameterCase>& cases,
             const std::vector<ParameterValues>& values) {
    std::vector<cuda::ParameterTensor> tensors;
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const ParameterCase& is = cases[i];
      offsets_.push_back(is.offset);
      copy_offsets_.push_back(is.copy_offset);
      weights_.push_back(device.changed("weights", stored_as<float>(behind(is.offset, values[i].weights))));
      first_.push_back(device.changed("first", stored_as<float>(behind(is.offset, values[i].first))));
      second_.push_back(device.changed("second", stored_as<float>(behind(is.offset, values[i].second))));
      gradients_.push_back(
          device.input("gradients", bytes_of(is.gradient_type, behind(is.gradient_offset, values[i].gradients))));
      const std::size_t size = is.gradient_type == training::Type::f32 ? 4 : 2;
      cuda::ParameterTensor& tensor = tensors.emplace_back();
      tensor = {.weights = weights_.back() + is.offset,
                .gradients = gradients_.back() + is.gradient_offset * size,
                .first = first_.back() + is.offset,
                .second = second_.back() + is.offset,
                .count = is.count,
                .decay = static_cast<float>(is.decay),
                .gradient_type = is.gradient_type,
                .copy_type = is.copy_type};
      copies_.push_back(device.output<std::uint16_t>("copy", is.copy_offset + static_cast<std::size_t>(is.count)));
      if (is.has_copy) tensor.copy = copies_.back() + is.copy_offset;
    }
    const std::vector<cuda::Chunk> chunks = cuda::chunks_of(tensors);
    tensors_.push_back(device.input("tensors", tensors));
    chunks_.push_back(device.input("chunks", chunks));
  }

  cuda::ParameterTable table() const { return {tensors_[0], chunks_[0], static_cast<std::int64_t>(chunks_[0].size())}; }
  std::vector<float> weights(std::size_t i) const { return from(offsets_[i], weights_[i].read()); }
  std::vector<float> first(std::size_t i) const { return from(offsets_[i], first_[i].read()); }
  std::vector<float> second(std::size_t i) const { return from(offsets_[i], second_[i].read()); }
  /// The bits of the copy; where nothing was written 0xffff.
  std::vector<std::uint16_t> copy(std::size_t i) const {
    const std::vector<std::uint16_t> all = copies_[i].read();
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(copy_offsets_[i]);
    EXPECT_EQ(std::vector(all.begin(), begin), std::vector<std::uint16_t>(copy_offsets_[i], 0xffff))
        << "written before the beginning";
    return {begin, all.end()};
  }

 private:
  static Values behind(std::size_t offset, const Values& values) {
    Values all(offset, 0.0);
    all.insert(all.end(), values.begin(), values.end());
    return all;
  }
  static std::vector<float> from(std::size_t offset, const std::vector<float>& all) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(offset);
    EXPECT_EQ(std::vector<float>(all.begin(), begin), std::vector<float>(offset)) << "written before the beginning";
    return {begin, all.end()};
  }
  static std::vector<unsigned char> bytes_of(training::Type type, const Values& values) {
    const auto as_bytes = [](const auto& stored) {
      std::vector<unsigned char> bytes(stored.size() * sizeof stored[0]);
      if (!bytes.empty()) std::memcpy(bytes.data(), stored.data(), bytes.size());
      return bytes;
    };
    if (type == training::Type::bf16) return as_bytes(stored_as<__nv_bfloat16>(values));
    if (type == training::Type::f16) return as_bytes(stored_as<__half>(values));
    return as_bytes(stored_as<float>(values));
  }

  std::vector<std::size_t> offsets_{}, copy_offsets_{};
  std::vector<Array<float>> weights_{}, first_{}, second_{};
  std::vector<Array<unsigned char>> gradients_{};
  std::vector<Array<std::uint16_t>> copies_{};
  std::vector<Array<cuda::ParameterTensor>> tensors_{};
  std::vector<Array<cuda::Chunk>> chunks_{};
};

}  // namespace gpubench::device_tests
