// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/json.hpp"

#include <cmath>
#include <string_view>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

std::string problem(const std::string& text) {
  return error_of([&] { detail::parse_json(text, 3, "json", "text"); });
}

}  // namespace

TEST_CASE("good JSON is parsed, also where objects share a key") {
  CHECK(problem(R"({"a": {"b": 1}, "c": {"b": [2]}})") == "no Error");
  CHECK(problem("3") == "no Error");
}

TEST_CASE("repeated keys, deep nesting and what is no JSON are refused") {
  const std::string remedy = "; the file is corrupt or of another kind",
                    depth = "json: 'text': the JSON nests too deep";
  CHECK(problem(R"({"a": 1, "b": 2, "a": 3})") == "json: 'text': the name 'a' stands twice" + remedy);
  CHECK(problem(R"([{"a": 1, "a": 1}])") == "json: 'text': the name 'a' stands twice" + remedy);
  CHECK(problem("[[[1]]]") == "no Error");
  CHECK(problem("[[[[1]]]]") == depth + remedy);
  CHECK(problem(std::string(1000000, '[') + std::string(1000000, ']')) == depth + remedy);
  CHECK(problem(std::string(1000000, '[')).find("json: 'text': not JSON: ") == 0);
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1} x", "nan", "\"\xff\""})
    CHECK(problem(bad).find("json: 'text': not JSON: ") == 0);
}

TEST_CASE("numbers are read to the nearest, integers of 64 bits to the last digit") {
  const auto read = [](const char* text) { return detail::parse_json(text, 1, "json", "text"); };
  CHECK(read("9223372036854775807").GetInt64() == INT64_MAX);
  CHECK(read("-9223372036854775808").GetInt64() == INT64_MIN);
  CHECK(read("18446744073709551615").GetUint64() == UINT64_MAX);
  CHECK(read("18446744073709551616").GetDouble() == 0x1p64);
  CHECK_FALSE(read("1.0").IsInt64());
  for (const char* zero : {"0E040", "0.0000000000000000000000000000000", "-0e-300"}) CHECK(read(zero).GetDouble() == 0);
  CHECK(read("9007199254740993.0").GetDouble() == 0x1p53);  // half-way: to even
  CHECK(read("9007199254740993.00000000000000000000000000001").GetDouble() == 0x1p53 + 2);
  for (const char* wide : {"1e309", "9e308", "-1e400", "1e-400"}) {
    CAPTURE(wide);
    CHECK(problem(wide).find("json: 'text': ") == 0);
  }
  CHECK(problem("9e308").find("json: 'text': a number is out of range (before ") == 0);
}

TEST_CASE("a value's text is JSON, and text that is not UTF-8 is refused") {
  CHECK(detail::json_text("a\"b\n", "json") == "\"a\\\"b\\n\"");
  CHECK(detail::json_text(std::string_view("a\0b", 3), "json") == "\"a\\u0000b\"");
  CHECK(error_of([] { detail::json_text("\xff", "json"); }).find("json: a name or a text is not UTF-8") == 0);
}

TEST_CASE("a number's text reads back to the same bits") {
  for (const double value : {0.1, -0.0, 1.0 / 3, 3.0, -2.5e-308, 5e-324, 1e300, 123456789.125}) {
    const auto document = detail::parse_json(detail::json_number(value), 1, "json", "text");
    REQUIRE(document.IsNumber());
    CHECK(document.GetDouble() == value);
    CHECK(std::signbit(document.GetDouble()) == std::signbit(value));
  }
  CHECK(detail::json_number(3) == "3.0");
  CHECK(detail::json_number(INFINITY) == "null");
  CHECK(detail::json_number(NAN) == "null");
}
