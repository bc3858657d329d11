#pragma once

#include <optional>
#include <vector>

#include "reports/finite_numbers.hpp"
#include "reports/json.hpp"
#include "reports/object_reader.hpp"

namespace gpubench {

// The structs inside a row, a pair of functions each.

Json to_json(const Finding& finding);
Finding finding_from_json(const ObjectReader& reader);
Json to_json(const Settle& settle, FiniteNumbers& finite);
Settle settle_from_json(const ObjectReader& reader);
Json to_json(const Verification& verification, FiniteNumbers& finite);
Verification verification_from_json(const ObjectReader& reader);
Json to_json(const Parity& parity, FiniteNumbers& finite);
Parity parity_from_json(const ObjectReader& reader);

Json to_json(const Ceiling& ceiling, FiniteNumbers& finite);
Ceiling ceiling_from_json(const ObjectReader& reader);
Json to_json(const LayerOf& layer);
LayerOf layer_from_json(const ObjectReader& reader);
Json to_json(const Epoch& epoch, FiniteNumbers& finite);
Epoch epoch_from_json(const ObjectReader& reader);
Json to_json(const Work& work, FiniteNumbers& finite);
Work work_from_json(const ObjectReader& reader);
Json to_json(const std::vector<Part>& parts, FiniteNumbers& finite);
Part part_from_json(const ObjectReader& reader);

/// null for none
template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace gpubench
