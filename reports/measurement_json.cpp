#include "reports/measurement_json.hpp"

#include <fmt/format.h>

namespace gpubench {

Json to_json(const Finding& finding) { return {{"verdict", finding.verdict}, {"reason", finding.reason}}; }

Finding finding_from_json(const ObjectReader& reader) {
  return {.verdict = reader.text("verdict"), .reason = reader.text("reason")};
}

Json to_json(const Settle& settle, FiniteNumbers& finite) {
  return {{"outcome", settle.outcome}, {"seconds", finite("settle.seconds", settle.seconds)}};
}

Settle settle_from_json(const ObjectReader& reader) {
  return {.outcome = reader.text("outcome"), .seconds = reader.number("seconds")};
}

Json to_json(const Verification& verification, FiniteNumbers& finite) {
  return {{"scope", verification.scope},
          {"against", verification.against},
          {"error", finite("verification.error", verification.error)},
          {"tolerance", finite("verification.tolerance", verification.tolerance)},
          {"checked", verification.checked},
          {"mismatch", or_null(verification.mismatch)}};
}

Verification verification_from_json(const ObjectReader& reader) {
  return {.scope = reader.text("scope"),
          .against = reader.text("against"),
          .error = reader.number("error"),
          .tolerance = reader.number("tolerance"),
          .checked = reader.integer("checked"),
          .mismatch = reader.text_if_any("mismatch")};
}

Json to_json(const Parity& parity, FiniteNumbers& finite) {
  return {{"against", parity.against},
          {"loss_difference", finite("parity.loss_difference", parity.loss_difference)},
          {"gradient_cosine", finite("parity.gradient_cosine", parity.gradient_cosine)},
          {"gradient_scale", finite("parity.gradient_scale", parity.gradient_scale)},
          {"mismatch", or_null(parity.mismatch)},
          {"not_checked", or_null(parity.not_checked)}};
}

Parity parity_from_json(const ObjectReader& reader) {
  return {.against = reader.text("against"),
          .loss_difference = reader.number("loss_difference"),
          .gradient_scale = reader.number("gradient_scale"),
          .gradient_cosine = reader.number("gradient_cosine"),
          .mismatch = reader.text_if_any("mismatch"),
          .not_checked = reader.text_if_any("not_checked")};
}

Json to_json(const Ceiling& ceiling, FiniteNumbers& finite) {
  return {{"flops_per_second", finite("ceiling.flops_per_second", ceiling.flops_per_second)},
          {"bytes_per_second", finite("ceiling.bytes_per_second", ceiling.bytes_per_second)},
          {"precision", ceiling.precision},
          {"by", ceiling.by},
          {"measured", ceiling.measured}};
}

Ceiling ceiling_from_json(const ObjectReader& reader) {
  return {.flops_per_second = reader.number("flops_per_second"),
          .bytes_per_second = reader.number("bytes_per_second"),
          .precision = reader.text("precision"),
          .by = reader.text("by"),
          .measured = !reader.has("measured") || reader.flag("measured")};  // files of before had no others
}

Json to_json(const LayerOf& layer) {
  return {{"name", layer.name}, {"pass", layer.pass}, {"count", layer.count}, {"shape", layer.shape}};
}

LayerOf layer_from_json(const ObjectReader& reader) {
  return {.name = reader.text("name"),
          .pass = reader.text("pass"),
          .count = reader.small_integer("count"),
          .shape = reader.text("shape")};
}

Json to_json(const Epoch& epoch, FiniteNumbers& finite) {
  return {{"items", epoch.items},
          {"seconds", finite("epoch.seconds", epoch.seconds)},
          {"from_steps", epoch.from_steps},
          {"measured", epoch.measured},
          {"includes", epoch.includes}};
}

Epoch epoch_from_json(const ObjectReader& reader) {
  return {.items = reader.integer("items"),
          .seconds = reader.number("seconds"),
          .from_steps = reader.small_integer("from_steps"),
          .measured = reader.flag("measured"),
          .includes = reader.text("includes")};
}

Json to_json(const Work& work, FiniteNumbers& finite) {
  return {{"flops", finite("work.flops", work.flops)}, {"bytes", finite("work.bytes", work.bytes)}};
}

Work work_from_json(const ObjectReader& reader) {
  return {.flops = reader.number("flops"), .bytes = reader.number("bytes")};
}

Json to_json(const std::vector<Part>& parts, FiniteNumbers& finite) {
  Json array = Json::array();
  for (const Part& part : parts) {
    const std::string name = fmt::format("parts.{} {}", part.kind, part.pass);
    array.push_back({{"kind", part.kind},
                     {"pass", part.pass},
                     {"seconds", finite(name + " seconds", part.seconds)},
                     {"operations", part.operations},
                     {"flops", finite(name + " flops", part.work.flops)},
                     {"bytes", finite(name + " bytes", part.work.bytes)}});
  }
  return array;
}

Part part_from_json(const ObjectReader& reader) {
  return {.kind = reader.text("kind"),
          .pass = reader.text("pass"),
          .seconds = reader.number("seconds"),
          .operations = reader.small_integer("operations"),
          .work = work_from_json(reader)};
}

}  // namespace gpubench
