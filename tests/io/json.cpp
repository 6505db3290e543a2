// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/io/json.hpp"

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

std::string problem(const std::string& text) {
  return error_of([&] { detail::parse_json(text, 3, [](const std::string& what) { detail::fail("json", what); }); });
}

}  // namespace

TEST_CASE("good JSON is parsed, also where objects share a key") {
  CHECK(problem(R"({"a": {"b": 1}, "c": {"b": [2]}})") == "no Error");
  CHECK(problem("3") == "no Error");
}

TEST_CASE("repeated keys, deep nesting and what is no JSON are refused") {
  CHECK(problem(R"({"a": 1, "b": 2, "a": 3})") == "json: the name 'a' stands twice");
  CHECK(problem(R"([{"a": 1, "a": 1}])") == "json: the name 'a' stands twice");
  CHECK(problem("[[[[1]]]]") == "json: the JSON nests too deep");
  CHECK(problem(std::string(1000000, '[')) == "json: the JSON nests too deep");
  for (const char* bad : {"", "{", "[1,]", "{\"a\":1} x", "nan", "\"\xff\""})
    CHECK(problem(bad).find("json: not JSON: ") == 0);
}

TEST_CASE("a value's text is JSON, and text that is not UTF-8 is refused") {
  const auto fail = [](const std::string& what) { detail::fail("json", what); };
  CHECK(detail::json_text("a\"b", fail) == "\"a\\\"b\"");
  CHECK(error_of([&] { detail::json_text("\xff", fail); }).find("json: a name or a text is not UTF-8") == 0);
}
