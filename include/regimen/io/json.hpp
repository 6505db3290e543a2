// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

// Headers of files are small: the parser is better compiled fast than fast.
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC push_options
#pragma GCC optimize("Os")
#endif
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#if defined(__GNUC__) && !defined(__clang__) && defined(__OPTIMIZE__)
#pragma GCC pop_options
#endif

#include <charconv>
#include <set>
#include <string>
#include <string_view>

#include "regimen/core/error.hpp"

namespace regimen::detail {

inline std::string_view json_view(const rapidjson::Value& text) { return {text.GetString(), text.GetStringLength()}; }

/// What is wrong with a value, or "": it nests deeper than `depth`, or has an object that names a key twice.
[[gnu::cold]] inline std::string json_problem(const rapidjson::Value& value, int depth) {
  if (!value.IsArray() && !value.IsObject()) return {};
  if (depth == 0) return "the JSON nests too deep";
  if (value.IsArray()) {
    for (const auto& item : value.GetArray())
      if (std::string problem = json_problem(item, depth - 1); !problem.empty()) return problem;
    return {};
  }
  std::set<std::string_view> keys;
  for (const auto& member : value.GetObject()) {
    if (!keys.insert(json_view(member.name)).second)
      return "the name '" + std::string(json_view(member.name)) + "' stands twice";
    if (std::string problem = json_problem(member.value, depth - 1); !problem.empty()) return problem;
  }
  return {};
}

/// A document under construction that reads its numbers itself: RapidJSON's exact reading of a zero with an exponent
/// has undefined behaviour.
struct JsonBuilder : rapidjson::Document {
  bool RawNumber(const char* first, rapidjson::SizeType size, bool /*copy*/) {
    const char* last = first + size;
    const auto read = [&](auto& number) {
      const auto [end, error] = std::from_chars(first, last, number);
      return error == std::errc() && end == last;
    };
    if (std::int64_t number = 0; read(number)) return Int64(number);
    if (std::uint64_t number = 0; read(number)) return Uint64(number);
    if (double number = 0; read(number)) return Double(number);
    return false;
  }
};

/// Parses a text from outside. Throws Error, in the name of `operation` and with `source`, where it is no JSON, nests
/// deeper than `max_depth`, or has an object that names a key twice.
[[gnu::cold]] inline rapidjson::Document parse_json(const std::string& text, int max_depth, const char* operation,
                                                    const std::string& source) {
  using namespace rapidjson;
  MemoryStream bytes(text.data(), text.size());
  EncodedInputStream<UTF8<>, MemoryStream> stream(bytes);
  Reader reader;
  JsonBuilder document;
  const auto parse = [&](Document&) {
    return !reader
                .Parse<kParseIterativeFlag | kParseValidateEncodingFlag | kParseNumbersAsStringsFlag>(stream, document)
                .IsError();
  };
  document.Populate(parse);
  std::string problem;
  if (reader.GetParseErrorCode() == kParseErrorTermination)
    problem = "a number is out of range (before " + std::to_string(reader.GetErrorOffset()) + ")";
  else if (reader.HasParseError())
    problem = std::string("not JSON: ") + GetParseError_En(reader.GetParseErrorCode()) + " (at " +
              std::to_string(reader.GetErrorOffset()) + ")";
  else
    problem = json_problem(document, max_depth);
  if (!problem.empty()) fail(operation, "'" + source + "': " + problem, "the file is corrupt or of another kind");
  return document;
}

/// A text as JSON, in quotes. Throws Error in the name of `operation` where it is not UTF-8.
[[gnu::cold]] inline std::string json_text(std::string_view text, const char* operation) {
  using namespace rapidjson;
  StringBuffer buffer;
  Writer<StringBuffer, UTF8<>, UTF8<>, CrtAllocator, kWriteValidateEncodingFlag> writer(buffer);
  if (!writer.String(text.data(), static_cast<SizeType>(text.size())))
    fail(operation, "a name or a text is not UTF-8", "use UTF-8");
  return {buffer.GetString(), buffer.GetSize()};
}

/// The JSON text of a number, the shortest that reads back to the same floating-point number; null where it is not
/// finite.
[[gnu::cold]] inline std::string json_number(double value) {
  if (value - value != 0) return "null";
  char digits[32];
  std::string text(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
  if (text.find_first_of(".e") == text.npos) text += ".0";  // an integer has no sign of zero
  return text;
}

}  // namespace regimen::detail
