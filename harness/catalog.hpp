#pragma once

#include <any>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "harness/core/error.hpp"
#include "harness/kernel.hpp"

namespace gpubench {

/// Which implementations a device offers for which problems, in the order they were added.
class Catalog {
 public:
  template <class Problem>
  struct Offer {
    /// Plans the problem; takes no device memory yet. @throws Unsupported
    std::function<std::unique_ptr<Kernel>(const Problem&)> make;
    /// Why this implementation cannot run the problem here, cheaply (no large memory, a few milliseconds); none if it
    /// can.
    std::function<std::optional<std::string>(const Problem&)> why_not;
  };

  template <class Problem>
  void add(std::string implementation, Offer<Problem> offer) {
    entries_.push_back({typeid(Problem), std::move(implementation), std::move(offer)});
  }

  template <class Problem>
  std::vector<std::string> implementations() const {
    std::vector<std::string> names;
    for (const Entry& entry : entries_)
      if (entry.problem == typeid(Problem)) names.push_back(entry.implementation);
    return names;
  }

  /// @throws Unsupported when there is no such implementation.
  template <class Problem>
  const Offer<Problem>& offer(std::string_view implementation) const {
    for (const Entry& entry : entries_)
      if (entry.problem == typeid(Problem) && entry.implementation == implementation)
        return std::any_cast<const Offer<Problem>&>(entry.offer);
    throw Unsupported("no implementation " + std::string(implementation) + " on this device");
  }

 private:
  struct Entry {
    std::type_index problem;
    std::string implementation;
    std::any offer;
  };
  std::vector<Entry> entries_;
};

}  // namespace gpubench
