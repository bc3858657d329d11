#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/core/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace gpubench {

// SQLite's C API with C++'s lifetimes. Everything that goes wrong is a DatabaseError that begins with the file's path
// and says what to do where there is something to do.

/// The file cannot be used, whatever is to be read from it or put into it.
struct DatabaseError : UsageError {
  using UsageError::UsageError;
};

/// One prepared statement; the database must outlive it. Columns and parameters count as SQLite's do: parameters from
/// 1, columns from 0.
class Statement {
 public:
  /// Sets the parameters in order, and makes it ready to be run from its beginning. Nothing is NULL.
  template <class... T>
  Statement& with(const T&... values) {
    reset();
    int at = 0;
    (bind(++at, values), ...);
    return *this;
  }
  /// Runs on to the next row. @returns false behind the last
  bool step();
  /// step() for a statement that has no rows.
  void run();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  std::optional<double> number_if_any(int column) const;
  std::string text(int column) const;

 private:
  friend class Database;
  Statement(sqlite3* database, const std::string& path, std::string_view sql);
  void reset();
  void bind(int at, std::string_view value);
  void bind(int at, std::int64_t value);
  void bind(int at, double value);
  void bind(int at, bool value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, int value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, const char* value) { bind(at, std::string_view(value)); }
  void bind(int at, const std::string& value) { bind(at, std::string_view(value)); }
  void bind_null(int at);
  template <class T>
  void bind(int at, const std::optional<T>& value) {
    value ? bind(at, *value) : bind_null(at);
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* database_;
  const std::string* path_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// An open file. Foreign keys are held. The journal is SQLite's rollback journal, not its write-ahead log: that wants
/// memory shared by all who use the file, which a home directory on a network does not have. A commit is on the disk,
/// with the folder that names the journal, before it returns. Whoever finds it being written waits, a minute at most.
class Database {
 public:
  enum class Access {
    read,    ///< must be there
    change,  ///< must be there, too: a name mistyped makes no file
    write,   ///< is made where it is not there; its folder must be
  };
  Database(const std::filesystem::path& path, Access access);

  Statement prepare(std::string_view sql) const;
  /// One statement after the other; rows are dropped.
  void run(std::string_view sql) const;
  /// The one number that a query like `PRAGMA user_version` tells.
  std::int64_t number(std::string_view sql) const;
  std::int64_t last_id() const;
  int changes() const;  ///< rows that the last statement wrote
  bool is_read_only() const;
  /// From here on this is a copy of the file, which is let go.
  void copy_to_memory();
  const std::string& path() const { return *path_; }

 private:
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<const std::string> path_;  ///< statements point to it
  std::unique_ptr<sqlite3, Close> database_;
};

/// From here to commit() all or nothing. It is the only writer meanwhile.
class Transaction {
 public:
  explicit Transaction(const Database& database);
  Transaction(const Transaction&) = delete;
  Transaction(Transaction&&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();  ///< takes everything back unless it was committed
  void commit();

 private:
  const Database& database_;
  bool open_ = true;
};

}  // namespace gpubench
