#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "harness/app/interrupt.hpp"
#include "harness/app/protocol.hpp"

namespace gpubench {

/// How a worker's life ended, with a sentence where it was not by the end of its order.
struct Ending {
  enum class How { finished, died, silent, interrupted };
  How how = How::finished;
  std::string sentence{};  ///< `killed by signal 9 (SIGKILL)`, `no sign of life for 180 s while verifying`
};

/// What a conversation needs from who leads it.
struct Listener {
  std::function<void(const Event&)> on_event{};
  std::function<void(std::string_view)> on_output{};  ///< what the worker writes to its standard output and error
};

/// Starts a worker, gives it the order and listens until it ends; one that says nothing for `silence_seconds` is
/// killed, and so it is after an interrupt.
Ending converse(const Order& order, double silence_seconds, const Interrupt& interrupt, const Listener& listener);

}  // namespace gpubench
