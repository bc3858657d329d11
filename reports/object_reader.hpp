#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/json.hpp"

namespace gpubench {

/// Reads one JSON object key by key. Every complaint is a UsageError that names the place as a JSON pointer
/// (`/benchmarks/3/gpubench/status: expected text, found a number`). Keys nobody asks for are left alone, so that a
/// newer file can still be read. The object must outlive its reader.
class ObjectReader {
 public:
  ObjectReader(const Json& object, std::string place);

  const Json& json() const { return *object_; }
  const std::string& place() const { return place_; }
  /// There and not null.
  bool has(const std::string& key) const;

  ObjectReader object(const std::string& key) const;
  std::vector<ObjectReader> objects(const std::string& key) const;
  std::string text(const std::string& key) const;
  std::string text_or_none(const std::string& key) const;  ///< empty for null and for a missing key
  bool flag(const std::string& key) const;
  double number(const std::string& key) const;  ///< not a number for null: what the writer makes of it
  std::int64_t integer(const std::string& key) const;
  int small_integer(const std::string& key) const;
  std::uint64_t seed(const std::string& key) const;
  std::vector<std::string> texts(const std::string& key) const;
  std::vector<double> numbers(const std::string& key) const;
  std::map<std::string, std::string> texts_by_name(const std::string& key) const;
  std::map<std::string, double> numbers_by_name(const std::string& key) const;
  std::map<std::string, std::int64_t> integers_by_name(const std::string& key) const;

  std::optional<double> number_if_any(const std::string& key) const;
  std::optional<std::int64_t> integer_if_any(const std::string& key) const;
  std::optional<int> small_integer_if_any(const std::string& key) const;
  std::optional<bool> flag_if_any(const std::string& key) const;
  std::optional<std::string> text_if_any(const std::string& key) const;

  /// What is wrong with the value of `key`.
  [[noreturn]] void complain(const std::string& key, const std::string& what) const;

 private:
  const Json& value(const std::string& key) const;
  const Json& array(const std::string& key) const;
  const Json& members(const std::string& key) const;

  const Json* object_;
  std::string place_;
};

}  // namespace gpubench
