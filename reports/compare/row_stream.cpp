#include "reports/compare/row_stream.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/core/error.hpp"
#include "reports/compare/pruned.hpp"
#include "reports/json_file.hpp"

namespace gpubench {
namespace {

/// Builds the JSON of the context and of one row after the other. Deeper than any run file is a complaint: a text of
/// a million brackets must not end the program.
class StreamReader final : public nlohmann::json_sax<Json> {
 public:
  explicit StreamReader(const RowStream& stream) : stream_(stream) {}

  /// What follows is a row by itself, as in a journal.
  void expect_row() {
    place_ = Place::rows;
    top_.clear();
  }
  bool has_context() const { return has_context_; }
  bool has_rows() const { return has_rows_; }
  std::size_t error_byte() const { return error_byte_; }
  const std::string& error_text() const { return error_text_; }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override {
    return skipping() || parents_.empty() ? put(nullptr) : put(std::move(value));
  }
  bool binary(binary_t&) override { return put(nullptr); }
  bool start_object(std::size_t) override { return open(Json::value_t::object); }
  bool start_array(std::size_t) override { return open(Json::value_t::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (skipping()) return true;
    if (place_ == Place::root)
      top_ = std::move(name);
    else
      key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const Json::exception& error) override {
    error_byte_ = position;
    error_text_ = error.what();
    return false;
  }

 private:
  enum class Place { outside, root, context, rows };
  static constexpr int deepest = 32;

  bool skipping() const { return skipped_ > 0; }

  void add(Json&& value) {
    Json& parent = *parents_.back();
    if (parent.is_array())
      parent.push_back(std::move(value));
    else
      parent.get_ref<Json::object_t&>().push_back({std::move(key_), std::move(value)});
  }

  template <class T>
  bool put(T&& value) {
    if (skipping()) return true;
    if (parents_.empty()) {
      if (place_ == Place::rows) throw UsageError(fmt::format("/benchmarks/{}: expected an object", index_));
      return true;
    }
    add(Json(std::forward<T>(value)));
    return true;
  }

  bool open(Json::value_t kind) {
    if (++depth_ > deepest) throw UsageError("nested deeper than a run file is");
    if (skipping()) {
      ++skipped_;
      return true;
    }
    if (!parents_.empty()) {
      add(Json(kind));
      Json& parent = *parents_.back();
      parents_.push_back(parent.is_array() ? &parent.back() : &parent.get_ref<Json::object_t&>().back().second);
      return true;
    }
    if (place_ == Place::rows)
      begin(kind);
    else
      enter(kind);
    return true;
  }

  /// The outermost brackets, and those of `context` and `benchmarks`.
  void enter(Json::value_t kind) {
    if (place_ == Place::outside) {
      if (kind != Json::value_t::object)
        throw UsageError("expected an object with context and benchmarks, found an array");
      place_ = Place::root;
    } else if (top_ == "context") {
      place_ = Place::context;
      begin(kind);
    } else if (top_ == "benchmarks" && kind == Json::value_t::array) {
      place_ = Place::rows;
      has_rows_ = true;
    } else {
      skipped_ = 1;
    }
  }

  void begin(Json::value_t kind) {
    part_ = Json(kind);
    if (kind == Json::value_t::object && place_ == Place::rows) part_.get_ref<Json::object_t&>().reserve(16);
    parents_ = {&part_};
  }

  bool close() {
    --depth_;
    if (skipping()) {
      --skipped_;
      return true;
    }
    if (parents_.empty()) {  // of the list of rows, or of the whole file
      place_ = place_ == Place::rows ? Place::root : Place::outside;
      return true;
    }
    parents_.pop_back();
    if (parents_.empty()) finish();
    return true;
  }

  void finish() {
    if (place_ == Place::context) {
      place_ = Place::root;
      has_context_ = true;
      stream_.context(part_);
    } else {
      has_rows_ = true;
      stream_.row(part_, index_++);
    }
  }

  const RowStream& stream_;
  Place place_ = Place::outside;
  std::string top_{}, key_{};
  Json part_{};
  std::vector<Json*> parents_{};  ///< from part_ down to the innermost that is open; empty outside of a part
  int skipped_ = 0;               ///< brackets open in what is not kept
  int depth_ = 0;
  bool has_context_ = false, has_rows_ = false;
  std::size_t index_ = 0, error_byte_ = 0;
  std::string error_text_{};
};

constexpr int row_depth_in_file = 3, row_depth_in_journal = 1;

bool parse(std::string_view text, StreamReader& reader) {
  return Json::sax_parse(text.data(), text.data() + text.size(), &reader);
}

/// The first place that is no JSON, in the text as it stands in the file.
[[noreturn]] void complain(const std::filesystem::path& path, std::string_view text, std::size_t line) {
  const RowStream nothing{.context = [](const Json&) {}, .row = [](const Json&, std::size_t) {}};
  StreamReader reader(nothing);
  if (line > 1) reader.expect_row();
  (void)parse(text, reader);
  throw UsageError(not_json_text(path, text, line, reader.error_byte(), reader.error_text()));
}

/// The lines after the context, each a row.
void stream_journal(const std::filesystem::path& path, std::string_view text, StreamReader& reader) {
  for (std::size_t line = 2; !text.empty(); ++line) {
    const auto end = text.find('\n');
    const std::string_view row = text.substr(0, end);
    const bool cut_short = end == std::string_view::npos;
    text.remove_prefix(cut_short ? text.size() : end + 1);
    if (cut_short && !Json::accept(row)) return;
    reader.expect_row();
    if (!parse(pruned(row, row_depth_in_journal), reader)) complain(path, row, line);
  }
}

std::optional<std::string_view> context_line_of_journal(std::string_view text) {
  const std::string_view first = text.substr(0, text.find('\n'));
  if (first.size() == text.size() && !first.ends_with('}')) return std::nullopt;
  if (!first.starts_with("{\"context\"") || first.find("\"benchmarks\"") != std::string_view::npos) return std::nullopt;
  return Json::accept(first) ? std::optional(first) : std::nullopt;
}

}  // namespace

void stream_run_text(const std::filesystem::path& path, std::string_view text, const RowStream& stream) {
  StreamReader reader(stream);
  try {
    const auto context = context_line_of_journal(text);
    const bool is_json = context ? parse(*context, reader) : parse(pruned(text, row_depth_in_file), reader);
    if (!is_json) complain(path, text, 1);
    if (!reader.has_context()) throw UsageError("no context: not a gpubench run file");
    if (context) return stream_journal(path, text.substr(std::min(context->size() + 1, text.size())), reader);
    if (!reader.has_rows()) throw UsageError("no list of benchmarks: not a gpubench run file");
  } catch (const UsageError& error) {
    const std::string told = error.what(), prefix = path.string() + ": ";
    throw UsageError(told.starts_with(prefix) ? told : prefix + told);
  }
}

void stream_run_file(const std::filesystem::path& path, const RowStream& stream) {
  stream_run_text(path, text_of_json_file(path), stream);
}

}  // namespace gpubench
