// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/shape.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/io/file.hpp"

namespace regimen {

struct CsvOptions {
  char delimiter = ',';
  bool header = true;           ///< the first line, after those skipped, has the columns' names
  int skip = 0;                 ///< lines to leave out at the beginning
  bool missing_as_nan = false;  ///< a missing value becomes NaN; otherwise it is an Error
};

/// Numbers [rows, columns] with the columns' names, of which there are none where the file has no header.
template <class T = float>
struct Table {
  std::vector<std::string> names;
  Tensor<T> values;

  /// The column's number. Throws Error where no column has that name.
  int column(std::string_view name) const {
    for (std::size_t i = 0; i < names.size(); ++i)
      if (names[i] == name) return static_cast<int>(i);
    detail::fail("Table::column", {"there is no column '", std::string(name), "' among the ", names.size(), " names"});
  }
};

namespace detail {

/// The records of a CSV text, one after the other. Blank lines are none.
class CsvRecords {
 public:
  CsvRecords(std::string_view text, char delimiter, const FileReader& file)
      : text_(text), delimiter_(delimiter), file_(file) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark
  }

  void skip_line() {
    while (at_ < text_.size() && take() != '\n') continue;
  }

  /// Goes to the next record; false at the end.
  bool next() {
    for (;;) {
      if (at_ == text_.size()) return false;
      fields_.clear();
      begin_ = line_;
      bool more = true, quotes = false;
      while (more) more = field(quotes);
      if (fields_.size() > 1 || !fields_[0].empty() || quotes) return true;
    }
  }

  /// The record's fields, without blanks or quotes around them.
  const std::vector<std::string>& fields() const { return fields_; }

  [[noreturn]] void fail(const std::string& problem, const std::string& remedy) const {
    file_.fail("line " + std::to_string(begin_) + ": " + problem, remedy);
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

  char take() {
    const char c = text_[at_++];
    if (c == '\n') ++line_;
    return c;
  }

  /// Reads a field and what ends it; false where that is the record's end.
  bool field(bool& quotes) {
    std::string& value = fields_.emplace_back();
    bool closed = false;
    while (at_ < text_.size()) {
      const char c = take();
      if (c == delimiter_ || c == '\n') {
        if (!closed) trim(value);
        return c == delimiter_;
      }
      if (c == '"' && value.empty() && !closed) {
        quoted(value);
        closed = quotes = true;
      } else if (closed && !is_blank(c)) {
        fail("text after a closing quote", "write \"\" for a quote within quotes");
      } else if (!closed && (!value.empty() || !is_blank(c))) {
        value += c;
      }
    }
    if (!closed) trim(value);
    return false;
  }

  void quoted(std::string& value) {
    for (;;) {
      if (at_ == text_.size()) fail("a quote is not closed", "close it, and write \"\" for a quote within quotes");
      const char c = take();
      if (c == '"' && !text_.substr(at_).starts_with('"')) return;
      if (c == '"') ++at_;
      value += c;
    }
  }

  static void trim(std::string& value) {
    while (!value.empty() && is_blank(value.back())) value.pop_back();
  }

  std::string_view text_;
  char delimiter_;
  const FileReader& file_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1, begin_ = 1;  // the current line, and the record's first
  std::vector<std::string> fields_;
};

/// The number of a field; NaN, with `missing` set, for an empty one and for NA, NaN, null and ?.
template <class T>
T csv_number(const std::string& field, const CsvRecords& records, bool& missing) {
  for (const char* text : {"", "NA", "N/A", "NaN", "nan", "null", "?"})
    if (field == text) {
      missing = true;
      return std::numeric_limits<T>::quiet_NaN();
    }
  double value = 0;
  const char* begin = field.data() + (field.starts_with('+') && !field.starts_with("+-") ? 1 : 0);
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error == std::errc::result_out_of_range) records.fail("'" + field + "' is out of range", "rescale the column");
  if (error != std::errc() || stop != end || std::isnan(value))
    records.fail("'" + field + "' is no number", "encode texts as numbers, or choose the delimiter");
  const T result = static_cast<T>(value);
  if (std::isinf(result) && !std::isinf(value)) records.fail("'" + field + "' is out of range", "read it as double");
  return result;
}

}  // namespace detail

/// Reads a table of numbers: a record a line, with fields that may stand in quotes, within which a quote is doubled and
/// delimiters and new lines are text. Blank lines are left out. Throws Error, with the line, for records of different
/// lengths, fields that are no numbers, and missing values (an empty field, NA, N/A, NaN, nan, null, ?) unless the
/// options make them NaN.
template <class T = float>
Table<T> read_csv(const std::string& path, const CsvOptions& options = {}) {
  static_assert(std::is_floating_point_v<T>, "read_csv<T>: T is float or double");
  detail::FileReader file(path, "read_csv");
  const std::string text = file.read_text(file.remaining(), "text");
  detail::CsvRecords records(text, options.delimiter, file);
  for (int i = 0; i < options.skip; ++i) records.skip_line();

  Table<T> table;
  if (options.header) {
    if (!records.next()) records.fail("the file ends before its header", "check the options header and skip");
    table.names = records.fields();
  }
  std::vector<T> values;
  std::size_t columns = table.names.size();
  while (records.next()) {
    const auto& fields = records.fields();
    if (columns == 0) columns = fields.size();
    if (fields.size() != columns)
      records.fail(std::to_string(fields.size()) + " fields, and " + std::to_string(columns) + " before",
                   "all lines need as many");
    for (std::size_t j = 0; j < columns; ++j) {
      bool missing = false;
      values.push_back(detail::csv_number<T>(fields[j], records, missing));
      if (missing && !options.missing_as_nan)
        records.fail("the value of column " + std::to_string(j) + " is missing", "fill it in, or set missing_as_nan");
    }
  }
  if (values.empty()) records.fail("there are no values", "check the options header and skip");
  const auto width = static_cast<std::int64_t>(columns);
  table.values = Tensor<T>::from(values, {static_cast<std::int64_t>(values.size()) / width, width});
  return table;
}

}  // namespace regimen
