#include "reports/history/versions.hpp"

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

constexpr std::int64_t application = 0x67706268;  // "gpbh": whose file it is, at a fixed place in it
constexpr auto newest = static_cast<std::int64_t>(history_versions.size());

[[noreturn]] void refuse(const Database& database, const std::string& why) {
  throw UsageError(fmt::format("{}: {}", database.path(), why));
}

std::int64_t version_of(const Database& database) {
  const std::int64_t owner = database.number("PRAGMA application_id");
  const bool is_empty = database.number("SELECT count(*) FROM sqlite_schema") == 0;
  if (owner != application && !(owner == 0 && is_empty))
    refuse(database, "an SQLite database of another program, no history of gpubench");
  const std::int64_t version = is_empty ? 0 : database.number("PRAGMA user_version");
  if (version > newest)
    refuse(database,
           fmt::format("written by a newer gpubench (version {} of the file, this one knows {}): nothing was changed; "
                       "use the newer program",
                       version,
                       newest));
  return version;
}

}  // namespace

void bring_up_to_date(Database& database, Database::Access access) {
  const std::int64_t found = version_of(database);
  if (found == newest) return;
  if (found == 0 && access != Database::Access::write)
    refuse(database, "empty, no history; gpubench history add makes one");
  if (access == Database::Access::read) database.copy_to_memory();
  if (database.is_read_only())
    refuse(database,
           fmt::format("written by an older gpubench (version {} of the file, this one writes {}), and read-only: it "
                       "cannot be brought up to date",
                       found,
                       newest));
  Transaction transaction(database);
  // Another process may have done it while this one waited.
  for (std::int64_t version = version_of(database); version < newest; ++version) {
    database.run(history_versions.at(static_cast<std::size_t>(version))());
    database.run(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", version + 1, application));
  }
  transaction.commit();
}

}  // namespace gpubench
