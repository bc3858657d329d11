#include "reports/compare/pruned.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace gpubench {
namespace {

constexpr std::array<std::string_view, 28> keys{"family_index",
                                                "per_family_instance_index",
                                                "run_type",
                                                "repetitions",
                                                "threads",
                                                "iterations",
                                                "real_time",
                                                "cpu_time",
                                                "time_unit",
                                                "epoch_seconds",
                                                "error_occurred",
                                                "error_message",
                                                "skipped",
                                                "skip_message",
                                                "suite",
                                                "samples_seconds",
                                                "samples_taken",
                                                "runs_per_sample",
                                                "spread",
                                                "verification",
                                                "settle",
                                                "input",
                                                "parity",
                                                "epoch",
                                                "planned_memory_bytes",
                                                "layer",
                                                "group",
                                                "item"};

/// Follows strings and brackets.
class Pruner {
 public:
  Pruner(std::string_view text, int row_depth) : text_(text), row_depth_(row_depth) { kept_.reserve(text.size()); }

  std::string prune() && {
    std::size_t from = 0;  // not yet copied
    for (std::size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      if (c == '{' || c == '[') ++depth_;
      if (c == '}' || c == ']') --depth_;
      if (c != '"') {
        ++at;
        continue;
      }
      const std::size_t end = end_of_string(at);
      const std::size_t value = value_after(end);
      const bool drop = value != std::string_view::npos && (depth_ == row_depth_ || depth_ == row_depth_ + 1) &&
                        is_without_use(text_.substr(at + 1, end - at - 2));
      if (!drop) {
        at = end;
        continue;
      }
      kept_.append(text_.substr(from, at - from));
      from = at = after_member(end_of_value(value));
    }
    kept_.append(text_.substr(std::min(from, text_.size())));
    return std::move(kept_);
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

  std::size_t without_blanks(std::size_t at) const {
    while (at < text_.size() && is_blank(text_[at])) ++at;
    return at;
  }

  /// @param at of the opening quote @returns behind the closing one
  std::size_t end_of_string(std::size_t at) const {
    for (++at; at < text_.size(); ++at) {
      const void* found = std::memchr(text_.data() + at, '"', text_.size() - at);
      if (found == nullptr) break;
      const auto quote = static_cast<std::size_t>(static_cast<const char*>(found) - text_.data());
      std::size_t escapes = quote;
      while (escapes > at && text_[escapes - 1] == '\\') --escapes;
      if ((quote - escapes) % 2 == 0) return quote + 1;
      at = quote;
    }
    return text_.size();
  }

  /// Behind the colon after a key; none where the string is no key.
  std::size_t value_after(std::size_t end_of_key) const {
    const std::size_t colon = without_blanks(end_of_key);
    if (colon >= text_.size() || text_[colon] != ':') return std::string_view::npos;
    return without_blanks(colon + 1);
  }

  std::size_t end_of_value(std::size_t at) const {
    int open = 0;
    while (at < text_.size()) {
      const char c = text_[at];
      if (c == '"') {
        at = end_of_string(at);
        if (open == 0) return at;
        continue;
      }
      if (open == 0 && (c == ',' || c == '}' || c == ']')) return at;
      ++at;
      if (c == '{' || c == '[') ++open;
      if ((c == '}' || c == ']') && --open == 0) return at;
    }
    return at;
  }

  /// The comma goes with the member: the one behind it, or, behind the last, the one in front of it.
  std::size_t after_member(std::size_t end) {
    end = without_blanks(end);
    if (end < text_.size() && text_[end] == ',') return end + 1;
    while (!kept_.empty() && is_blank(kept_.back())) kept_.pop_back();
    if (!kept_.empty() && kept_.back() == ',') kept_.pop_back();
    return end;
  }

  std::string_view text_;
  int row_depth_, depth_ = 0;
  std::string kept_{};
};

}  // namespace

bool is_without_use(std::string_view key) { return std::ranges::find(keys, key) != keys.end(); }

std::string pruned(std::string_view text, int row_depth) { return Pruner(text, row_depth).prune(); }

}  // namespace gpubench
