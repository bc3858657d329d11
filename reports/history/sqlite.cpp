#include "reports/history/sqlite.hpp"

#include <sqlite3.h>

#include <fmt/format.h>

#include "harness/core/error.hpp"

namespace gpubench {
namespace {

constexpr int longest_wait_ms = 60'000;

/// What the user can do about it; SQLite's own sentence for the rest.
std::string sentence_of(sqlite3* database, int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another process has been writing to it for a minute; try again when it has ended";
    case SQLITE_NOTADB: return "not a history: no SQLite database";
    case SQLITE_CORRUPT:
      return "damaged: SQLite cannot read on; take a copy of it from before, or export what it gives";
    case SQLITE_FULL:
      return "the disk is full: nothing of this was written, and what the file held is still there; make room and try "
             "again";
    case SQLITE_IOERR:
      return fmt::format(
          "the disk refused ({}): nothing of this was written, and what the file held is still there; a full disk, or "
          "a limit on file sizes (ulimit -f)?",
          database == nullptr ? "input or output error" : sqlite3_errmsg(database));
    case SQLITE_READONLY: return "cannot be written: it, or its folder, is read-only";
    case SQLITE_CANTOPEN: return "cannot be opened: look at its folder, and at who may read and write there";
    default: return database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
  }
}

[[noreturn]] void complain(const std::string& path, sqlite3* database, int code) {
  throw DatabaseError(fmt::format("{}: {}", path, sentence_of(database, code)));
}

void expect_ok(const std::string& path, sqlite3* database, int code) {
  if (code != SQLITE_OK) complain(path, database, code);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(sqlite3* database, const std::string& path, std::string_view sql)
    : database_(database), path_(&path) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  expect_ok(path, database, code);
}

void Statement::reset() {
  sqlite3_reset(statement_.get());  // the code is that of the last step, which was told
  sqlite3_clear_bindings(statement_.get());
}

void Statement::bind(int at, std::string_view value) {
  const char* text = value.data() == nullptr ? "" : value.data();
  expect_ok(*path_,
            database_,
            sqlite3_bind_text(statement_.get(), at, text, static_cast<int>(value.size()), SQLITE_TRANSIENT));
}
void Statement::bind(int at, std::int64_t value) {
  expect_ok(*path_, database_, sqlite3_bind_int64(statement_.get(), at, value));
}
void Statement::bind(int at, double value) {
  expect_ok(*path_, database_, sqlite3_bind_double(statement_.get(), at, value));
}
void Statement::bind_null(int at) { expect_ok(*path_, database_, sqlite3_bind_null(statement_.get(), at)); }

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) complain(*path_, database_, code);
  sqlite3_reset(statement_.get());  // a read that is over holds nobody up
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::number(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::optional<double> Statement::number_if_any(int column) const {
  return is_null(column) ? std::nullopt : std::optional(number(column));
}

std::string Statement::text(int column) const {
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): UTF-8 of SQLite
          static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

Database::Database(const std::filesystem::path& path, Access access)
    : path_(std::make_unique<const std::string>(path.string())) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw DatabaseError(fmt::format("{}: a folder; a history is a file", *path_));
  if (access != Access::write && !std::filesystem::exists(path, ignored))
    throw DatabaseError(fmt::format("{}: no such file; gpubench history add {} RUN... makes one", *path_, *path_));
  const int flags = SQLITE_OPEN_READWRITE | (access == Access::write ? SQLITE_OPEN_CREATE : 0);
  sqlite3* database = nullptr;
  // A file that may not be written is opened all the same, for reading.
  const int code = sqlite3_open_v2(path_->c_str(), &database, flags, nullptr);
  database_.reset(database);
  expect_ok(*path_, database, code);
  sqlite3_busy_timeout(database, longest_wait_ms);
  sqlite3_extended_result_codes(database, 1);
  run("PRAGMA foreign_keys = ON");
  run("PRAGMA synchronous = EXTRA");
}

Statement Database::prepare(std::string_view sql) const { return {database_.get(), *path_, sql}; }

void Database::run(std::string_view sql) const {
  const std::string text(sql);
  expect_ok(*path_, database_.get(), sqlite3_exec(database_.get(), text.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::number(std::string_view sql) const {
  Statement statement = prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::int64_t Database::last_id() const { return sqlite3_last_insert_rowid(database_.get()); }
int Database::changes() const { return sqlite3_changes(database_.get()); }
bool Database::is_read_only() const { return sqlite3_db_readonly(database_.get(), "main") != 0; }

void Database::copy_to_memory() {
  sqlite3* copy = nullptr;
  const int code = sqlite3_open_v2(":memory:", &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  std::unique_ptr<sqlite3, Close> owner(copy);
  expect_ok(*path_, copy, code);
  sqlite3_backup* backup = sqlite3_backup_init(copy, "main", database_.get(), "main");
  if (backup == nullptr) complain(*path_, copy, sqlite3_errcode(copy));
  constexpr int all_pages = -1, pause_ms = 50;
  int told = sqlite3_backup_step(backup, all_pages);
  // This one asks no busy handler.
  for (int waited = 0; (told == SQLITE_BUSY || told == SQLITE_LOCKED) && waited < longest_wait_ms; waited += pause_ms) {
    sqlite3_sleep(pause_ms);
    told = sqlite3_backup_step(backup, all_pages);
  }
  sqlite3_backup_finish(backup);
  if (told != SQLITE_DONE) complain(*path_, database_.get(), told);
  database_ = std::move(owner);
}

Transaction::Transaction(const Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace gpubench
