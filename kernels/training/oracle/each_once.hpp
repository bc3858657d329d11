#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace gpubench::training::oracle {

/// Values that many elements share (a channel's statistics, a row's maximum): each is made when it is first asked for,
/// by one thread, so that a sample of elements costs only what it touches.
template <class Value>
class EachOnce {
 public:
  explicit EachOnce(std::int64_t count)
      : made_(static_cast<std::size_t>(count)), values_(static_cast<std::size_t>(count)) {}

  template <class Make>
  const Value& at(std::int64_t index, const Make& make) {
    const auto i = static_cast<std::size_t>(index);
    std::call_once(made_[i], [&] { values_[i] = make(index); });
    return values_[i];
  }

 private:
  std::vector<std::once_flag> made_;
  std::vector<Value> values_;
};

}  // namespace gpubench::training::oracle
