#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/compare/comparison.hpp"

namespace gpubench {

/// A table for people, before it is known how wide their screen is.
struct ReportTable {
  struct Column {
    std::string heading{};
    bool right = false;
    int dispensable = 0;      ///< the highest goes first where the screen is too narrow; 0 stays
    bool may_be_cut = false;  ///< the last one: a sentence that is worth telling even if only its beginning fits
  };
  std::string title{};
  std::vector<Column> columns{};
  std::vector<std::vector<std::string>> rows{};
  std::vector<std::string> notes{};  ///< sentences below it
  std::size_t most_on_screen = 0;    ///< rows that a terminal shows; 0: all
};

/// The answer in a sentence or a few: how many times as fast B is, on paper and measured, and what differs most.
std::vector<std::string> answer(const Comparison& comparison);

/// What the columns of the tables are, a sentence; empty where there are none.
std::string legend(const Comparison& comparison);

/// Everything else, in the order in which it is read.
std::vector<ReportTable> tables_of(const Comparison& comparison);

/// Title, columns and rows, notes. Columns go, the most dispensable first, until it fits; what is still too long is
/// cut.
std::string table_text(const ReportTable& table, std::size_t width);

/// For a terminal of this many columns.
std::string comparison_text(const Comparison& comparison, std::size_t width);
std::string comparison_markdown(const Comparison& comparison);

/// `1.87x`; `0.0312x` below 0.1
std::string times_text(double times);
/// Four digits, without zeros that say nothing: `794.5`, `22071`, `0.3228`.
std::string value_text(double value);

}  // namespace gpubench
