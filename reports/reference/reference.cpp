#include "reports/reference/reference.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/core/error.hpp"
#include "reports/json_file.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {
namespace {

constexpr int reference_version = 1;

SheetValue sheet_value_from_json(const ObjectReader& reader) {
  return {.figure = reader.text("figure"),
          .value = reader.number("value"),
          .unit = reader.text("unit"),
          .at_mhz = reader.number_if_any("at_mhz"),
          .verified = reader.flag("verified")};
}

Published published_from_json(const ObjectReader& reader) {
  const std::string status = reader.text("status");
  if (status != "measured" && status != "derived")
    reader.complain("status", fmt::format("expected measured or derived, found {}", status));
  Published one{.figure = reader.text("figure"),
                .value = reader.number("value"),
                .unit = reader.text("unit"),
                .gpus = reader.small_integer_if_any("gpus"),
                .precision = reader.text("precision"),
                .workload = reader.text("workload"),
                .system = reader.text("system"),
                .conditions = reader.text("conditions"),
                .doubt = reader.text_or_none("doubt"),
                .source = reader.text("source"),
                .where = reader.text("where"),
                .derived = status == "derived",
                .verified = reader.flag("verified")};
  if (!(one.value > 0)) reader.complain("value", "more than 0 is needed");
  return one;
}

Claim claim_from_json(const ObjectReader& reader) {
  return {.article = reader.text("article"),
          .gpu = reader.text("gpu"),
          .claim = reader.text("claim"),
          .doubt = reader.text("doubt")};
}

ReferenceMatch match_from_json(const ObjectReader& reader) {
  return {.device_names = reader.texts("device_names"),
          .family = reader.text("family"),
          .form = reader.text("form"),
          .memory_gib = reader.numbers("memory_gib")};
}

}  // namespace

const SheetValue* Reference::sheet(std::string_view figure) const {
  const auto found = std::ranges::find(datasheet, figure, &SheetValue::figure);
  return found == datasheet.end() ? nullptr : &*found;
}

Reference reference_from_json(const Json& json) {
  const ObjectReader reader(json, "");
  const int version = reader.small_integer("gpubench_reference");
  if (version != reference_version)
    reader.complain("gpubench_reference",
                    fmt::format("version {}, this gpubench reads version {}", version, reference_version));
  Reference reference{.id = reader.text("id"), .name = reader.text("name")};
  if (reader.has("match")) reference.match = match_from_json(reader.object("match"));
  const ObjectReader facts = reader.object("facts");
  for (const auto& [key, value] : facts.json().items())
    if (!value.is_null()) reference.facts.emplace_back(key, facts.text(key));
  reference.facts_not_verified = reader.texts("facts_not_verified");
  for (const ObjectReader& one : reader.objects("datasheet")) reference.datasheet.push_back(sheet_value_from_json(one));
  reference.datasheet_sources = reader.texts("datasheet_sources");
  reference.notes = reader.text("notes");
  for (const ObjectReader& one : reader.objects("published")) reference.published.push_back(published_from_json(one));
  for (const ObjectReader& one : reader.objects("claims")) reference.claims.push_back(claim_from_json(one));
  return reference;
}

Reference read_reference(const std::filesystem::path& path) {
  const Json json = read_json_file(path);
  try {
    return reference_from_json(json);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("{}: {}", path.string(), error.what()));
  }
}

const std::vector<Reference>& references() {
  static const std::vector<Reference> all = [] {
    std::vector<Reference> read;
    for (const auto& [id, text] : reference_texts()) read.push_back(reference_from_json(Json::parse(text)));
    return read;
  }();
  return all;
}

const Reference* find_reference(std::string_view id) {
  const auto found = std::ranges::find(references(), id, &Reference::id);
  return found == references().end() ? nullptr : &*found;
}

std::string references_like(const std::string& name) {
  std::vector<std::string> like;
  const std::string word = name.substr(0, name.find_first_of("_-. "));
  for (const Reference& one : references())
    if (!word.empty() && one.id.find(word) != std::string::npos) like.push_back(one.id);
  const std::string all = "gpubench reference list shows all references";
  return like.empty() ? "; " + all : fmt::format("; references like it: {}; {}", fmt::join(like, ", "), all);
}

}  // namespace gpubench
