#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "harness/devices/cuda/cudnn/abi.hpp"

namespace gpubench::cudnn {

/// What an element of this type is called among attributes.
template <class T>
struct KindOf;
// clang-format off
template <> struct KindOf<Handle> { static constexpr Kind kind = Kind::handle; };
template <> struct KindOf<DataType> { static constexpr Kind kind = Kind::data_type; };
template <> struct KindOf<bool> { static constexpr Kind kind = Kind::boolean; };
template <> struct KindOf<std::int64_t> { static constexpr Kind kind = Kind::i64; };
template <> struct KindOf<float> { static constexpr Kind kind = Kind::f32; };
template <> struct KindOf<void*> { static constexpr Kind kind = Kind::pointer; };
template <> struct KindOf<char> { static constexpr Kind kind = Kind::text; };
template <> struct KindOf<ConvolutionMode> { static constexpr Kind kind = Kind::convolution_mode; };
template <> struct KindOf<HeuristicMode> { static constexpr Kind kind = Kind::heuristic_mode; };
template <> struct KindOf<Knob> { static constexpr Kind kind = Kind::knob; };
template <> struct KindOf<NumericalNote> { static constexpr Kind kind = Kind::numerical_note; };
template <> struct KindOf<BehaviorNote> { static constexpr Kind kind = Kind::behavior_note; };
template <> struct KindOf<Pointwise> { static constexpr Kind kind = Kind::pointwise_mode; };
template <> struct KindOf<StatisticsMode> { static constexpr Kind kind = Kind::statistics_mode; };
template <> struct KindOf<Reduction> { static constexpr Kind kind = Kind::reduction; };
template <> struct KindOf<NormMode> { static constexpr Kind kind = Kind::norm_mode; };
template <> struct KindOf<NormPhase> { static constexpr Kind kind = Kind::norm_phase; };
// clang-format on

/// One of cuDNN's objects: attributes are set, finalize() checks them, from then on it may be used by others and read.
/// A copy refers to the same object. @throws what check() of cudnn.hpp does, with the object's name
class Descriptor {
 public:
  /// @param what it is in errors: `tensor`, `execution plan`
  Descriptor(DescriptorType type, std::string what);

  template <class T>
  Descriptor& set(Attribute attribute, const T& value) {
    return set(attribute, KindOf<T>::kind, 1, &value);
  }
  template <class T>
  Descriptor& set(Attribute attribute, const std::vector<T>& values) {
    return set(attribute, KindOf<T>::kind, static_cast<std::int64_t>(values.size()), values.data());
  }
  Descriptor& set(Attribute attribute, const std::string& text) {
    return set(attribute, Kind::text, static_cast<std::int64_t>(text.size()), text.data());
  }
  Descriptor& set(Attribute attribute, const Descriptor& other);
  Descriptor& set(Attribute attribute, const std::vector<Descriptor>& others);
  Descriptor& finalize();

  template <class T>
  T get(Attribute attribute) const {
    T value{};
    get(attribute, KindOf<T>::kind, 1, &value);
    return value;
  }
  /// As many as there are, at most `room`.
  template <class T>
  std::vector<T> all(Attribute attribute, std::int64_t room) const {
    std::vector<T> values(static_cast<std::size_t>(room));
    values.resize(static_cast<std::size_t>(get(attribute, KindOf<T>::kind, room, values.data())));
    return values;
  }
  std::vector<Descriptor> all(Attribute attribute, DescriptorType type, std::int64_t room) const;
  std::string text(Attribute attribute) const;
  /// How many elements the attribute has.
  std::int64_t count(Attribute attribute, Kind kind) const { return get(attribute, kind, 0, nullptr); }

  RawDescriptor raw() const { return raw_.get(); }

 private:
  Descriptor& set(Attribute attribute, Kind kind, std::int64_t count, const void* elements);
  std::int64_t get(Attribute attribute, Kind kind, std::int64_t room, void* elements) const;

  std::string what_;
  std::shared_ptr<void> raw_;
};

}  // namespace gpubench::cudnn
