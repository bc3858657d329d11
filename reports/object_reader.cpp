#include "reports/object_reader.hpp"

#include <limits>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

/// The kind of a JSON value as a person would say it.
std::string_view kind_of(const Json& json) {
  switch (json.type()) {
    case Json::value_t::null: return "null";
    case Json::value_t::object: return "an object";
    case Json::value_t::array: return "an array";
    case Json::value_t::string: return "text";
    case Json::value_t::boolean: return "true or false";
    default: return "a number";
  }
}

[[noreturn]] void expected(const std::string& place, std::string_view what, const Json& found) {
  throw UsageError(fmt::format("{}: expected {}, found {}", place.empty() ? "/" : place, what, kind_of(found)));
}

double number_of(const Json& json, const std::string& place) {
  if (json.is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!json.is_number()) expected(place, "a number", json);
  return json.get<double>();
}

std::string text_of(const Json& json, const std::string& place) {
  if (!json.is_string()) expected(place, "text", json);
  return json.get<std::string>();
}

}  // namespace

ObjectReader::ObjectReader(const Json& object, std::string place) : object_(&object), place_(std::move(place)) {
  if (!object.is_object()) expected(place_, "an object", object);
}

void ObjectReader::complain(const std::string& key, const std::string& what) const {
  throw UsageError(fmt::format("{}/{}: {}", place_, key, what));
}

bool ObjectReader::has(const std::string& key) const {
  const auto found = object_->find(key);
  return found != object_->end() && !found->is_null();
}

const Json& ObjectReader::value(const std::string& key) const {
  const auto found = object_->find(key);
  if (found == object_->end()) complain(key, "missing");
  return *found;
}

const Json& ObjectReader::array(const std::string& key) const {
  const Json& found = value(key);
  if (!found.is_array()) expected(place_ + "/" + key, "an array", found);
  return found;
}

const Json& ObjectReader::members(const std::string& key) const {
  const Json& found = value(key);
  if (!found.is_object()) expected(place_ + "/" + key, "an object", found);
  return found;
}

ObjectReader ObjectReader::object(const std::string& key) const { return {value(key), place_ + "/" + key}; }

std::vector<ObjectReader> ObjectReader::objects(const std::string& key) const {
  std::vector<ObjectReader> readers;
  for (const Json& one : array(key)) readers.emplace_back(one, fmt::format("{}/{}/{}", place_, key, readers.size()));
  return readers;
}

std::string ObjectReader::text(const std::string& key) const {
  return gpubench::text_of(value(key), place_ + "/" + key);
}

std::string ObjectReader::text_or_none(const std::string& key) const { return has(key) ? text(key) : std::string(); }

bool ObjectReader::flag(const std::string& key) const {
  const Json& found = value(key);
  if (!found.is_boolean()) expected(place_ + "/" + key, "true or false", found);
  return found.get<bool>();
}

double ObjectReader::number(const std::string& key) const { return number_of(value(key), place_ + "/" + key); }

std::int64_t ObjectReader::integer(const std::string& key) const {
  const Json& found = value(key);
  if (!found.is_number_integer()) expected(place_ + "/" + key, "a whole number", found);
  if (found.is_number_unsigned() && found.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
    complain(key, "too large");
  return found.get<std::int64_t>();
}

int ObjectReader::small_integer(const std::string& key) const {
  const std::int64_t found = integer(key);
  if (found < std::numeric_limits<int>::min() || found > std::numeric_limits<int>::max()) complain(key, "too large");
  return static_cast<int>(found);
}

std::uint64_t ObjectReader::seed(const std::string& key) const {
  const Json& found = value(key);
  if (!found.is_number_unsigned()) expected(place_ + "/" + key, "a whole number, 0 or more", found);
  return found.get<std::uint64_t>();
}

std::vector<std::string> ObjectReader::texts(const std::string& key) const {
  std::vector<std::string> found;
  for (const Json& one : array(key))
    found.push_back(gpubench::text_of(one, fmt::format("{}/{}/{}", place_, key, found.size())));
  return found;
}

std::vector<double> ObjectReader::numbers(const std::string& key) const {
  std::vector<double> found;
  for (const Json& one : array(key))
    found.push_back(number_of(one, fmt::format("{}/{}/{}", place_, key, found.size())));
  return found;
}

std::map<std::string, std::string> ObjectReader::texts_by_name(const std::string& key) const {
  std::map<std::string, std::string> found;
  for (const auto& [name, one] : members(key).items())
    found[name] = gpubench::text_of(one, fmt::format("{}/{}/{}", place_, key, name));
  return found;
}

std::map<std::string, double> ObjectReader::numbers_by_name(const std::string& key) const {
  std::map<std::string, double> found;
  for (const auto& [name, one] : members(key).items())
    found[name] = number_of(one, fmt::format("{}/{}/{}", place_, key, name));
  return found;
}

std::map<std::string, std::int64_t> ObjectReader::integers_by_name(const std::string& key) const {
  std::map<std::string, std::int64_t> found;
  const ObjectReader reader = object(key);
  for (const auto& [name, one] : reader.json().items()) found[name] = reader.integer(name);
  return found;
}

std::optional<double> ObjectReader::number_if_any(const std::string& key) const {
  return has(key) ? std::optional(number(key)) : std::nullopt;
}

std::optional<std::int64_t> ObjectReader::integer_if_any(const std::string& key) const {
  return has(key) ? std::optional(integer(key)) : std::nullopt;
}

std::optional<int> ObjectReader::small_integer_if_any(const std::string& key) const {
  return has(key) ? std::optional(small_integer(key)) : std::nullopt;
}

std::optional<bool> ObjectReader::flag_if_any(const std::string& key) const {
  return has(key) ? std::optional(flag(key)) : std::nullopt;
}

std::optional<std::string> ObjectReader::text_if_any(const std::string& key) const {
  return has(key) ? std::optional(text(key)) : std::nullopt;
}

}  // namespace gpubench
