#pragma once

#include <array>

#include "reports/history/sqlite.hpp"

namespace gpubench {

const char* history_schema_1();
const char* history_schema_2();
const char* history_schema_3();

/// How each version of the file is made from the one before, beginning with an empty file.
inline constexpr std::array history_versions{history_schema_1, history_schema_2, history_schema_3};

/// Sees to it that the file is a history of the version that this program knows: an older one is brought up to date in
/// one transaction, by whoever only reads in a copy in memory. An empty file becomes one for who writes. @throws
/// UsageError for another program's database, for a newer version, and for an older one that may not be written: then
/// nothing is changed
void bring_up_to_date(Database& database, Database::Access access);

}  // namespace gpubench
