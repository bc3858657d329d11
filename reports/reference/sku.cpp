#include "reports/reference/sku.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace gpubench {
namespace {

constexpr double gib = 1024.0 * 1024 * 1024;

/// The driver keeps some of the memory for itself: a T4 of 16 GB tells 14.6 GiB.
bool memory_fits(const ReferenceMatch& match, double memory_bytes) {
  return std::ranges::any_of(match.memory_gib, [&](double size) {
    return memory_bytes > 0.88 * size * gib && memory_bytes < 1.08 * size * gib;
  });
}

std::string without_maker(std::string name) {
  for (const std::string_view maker : {"NVIDIA ", "Tesla "})
    if (name.starts_with(maker)) name.erase(0, maker.size());
  return name;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

/// Whether `word` stands in `name` by itself: an H100 is no H1000, an A100X no A100.
bool has_word(const std::string& name, const std::string& word) {
  for (std::size_t at = name.find(word); at != std::string::npos; at = name.find(word, at + 1)) {
    const auto letter = [&](std::size_t i) {
      return i < name.size() && std::isalnum(static_cast<unsigned char>(name[i])) != 0;
    };
    if (!(at > 0 && letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

std::string gib_text(double bytes) {
  return bytes > 0 ? fmt::format("{:.0f} GiB", bytes / gib) : "memory of unknown size";
}

SkuMatch exact_match(const Reference& reference, const std::string& name, double memory_bytes) {
  if (memory_fits(*reference.match, memory_bytes)) return {.reference = &reference, .sure = true};
  return {.reference = &reference,
          .remark = fmt::format("taken for {} by its name; it tells {}, the datasheet {} GB: a slice, or another card",
                                reference.id,
                                gib_text(memory_bytes),
                                fmt::join(reference.match->memory_gib, " or ")) +
                    (name.find("MIG") == std::string::npos ? "" : " (MIG)")};
}

}  // namespace

SkuMatch match_sku(const std::string& device_name, double memory_bytes, const std::vector<Reference>& among) {
  const std::string name = without_maker(device_name);
  std::string whole = name.substr(0, name.find(" MIG "));  // a slice is told as `A100-SXM4-80GB MIG 1g.10gb`
  for (const Reference& reference : among)
    if (reference.match &&
        std::ranges::find(reference.match->device_names, whole) != reference.match->device_names.end()) {
      const bool several = std::ranges::count_if(among, [&](const Reference& other) {
                             return other.match && std::ranges::find(other.match->device_names, whole) !=
                                                       other.match->device_names.end();
                           }) > 1;
      if (!several || memory_fits(*reference.match, memory_bytes)) return exact_match(reference, name, memory_bytes);
    }

  const std::string upper_name = upper(whole);
  std::vector<const Reference*> candidates;
  for (const Reference& reference : among) {
    if (!reference.match || !has_word(upper_name, upper(reference.match->family))) continue;
    const bool other_form = std::ranges::any_of(
        std::initializer_list<const char*>{"SXM", "PCIE", "NVL"},
        [&](const char* form) { return upper_name.find(form) != std::string::npos && reference.match->form != form; });
    if (!other_form && memory_fits(*reference.match, memory_bytes)) candidates.push_back(&reference);
  }
  const std::string device = fmt::format("{} with {}", device_name, gib_text(memory_bytes));
  if (candidates.empty()) return {.remark = fmt::format("no reference fits {}", device)};
  if (candidates.size() == 1)
    return {.reference = candidates.front(),
            .remark = fmt::format(
                "not sure that {} is {}: the name is not one it is known by", device, candidates.front()->id)};
  std::vector<std::string> ids;
  for (const Reference* one : candidates) ids.push_back(one->id);
  return {.remark = fmt::format("{} may be {}: its name does not tell", device, fmt::join(ids, " or "))};
}

}  // namespace gpubench
