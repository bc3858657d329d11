#pragma once

#include <string>
#include <vector>

#include "reports/compare/tables.hpp"

namespace gpubench {

/// `bert-large-squad amp-fp16 d8` of `train.bert-large-squad.amp-fp16.sequences_per_second.d8`, `bf16/.../cublaslt` of
/// `gemm/bf16/.../cublaslt`: the table's title has said the rest.
std::string short_name(const std::string& name);

/// The rows that are compared, a table for each kind of problem, unit and source.
std::vector<ReportTable> row_tables(const Comparison& comparison);

}  // namespace gpubench
