// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/data/read/csv.hpp"

#include <cmath>

#include "support/files.hpp"

using namespace regimen;
using namespace regimen::test;

namespace {

template <class T = double>
Table<T> table_of(const std::string& text, const CsvOptions& options = {}) {
  const TemporaryFolder folder;
  write_bytes(folder / "f", text);
  return read_csv<T>(folder / "f", options);
}

const CsvOptions bare{.header = false};

}  // namespace

TEST_CASE("numbers and names are read") {
  const auto table = table_of("a,b\n1,-2.5\n+3e2,inf\n");
  CHECK(table.names == std::vector<std::string>{"a", "b"});
  CHECK(table.column("b") == 1);
  CHECK(table.values.shape() == Shape{2, 2});
  CHECK(table.values(0, 1) == -2.5);
  CHECK(table.values(1, 0) == 300);
  CHECK(std::isinf(table.values(1, 1)));
  CHECK(table_of<float>("0.1", bare).values.item() == 0.1f);
}

TEST_CASE("line ends, blanks, blank lines, marks and delimiters of other programs are read") {
  for (const char* text : {"1,2\r\n3,4\r\n", "1,2\n\n3,4", " 1 ,\t2\n  \n3, 4 \n\n",
                           "\xEF\xBB\xBF"
                           "1,2\n3,4"}) {
    INFO(text);
    const auto x = table_of(text, bare).values;
    CHECK(x.shape() == Shape{2, 2});
    CHECK(x(1, 0) == 3);
    CHECK(x(1, 1) == 4);
  }
  CHECK(table_of("1;2", {.delimiter = ';', .header = false}).values(0, 1) == 2);
  CHECK(table_of("1\t2", {.delimiter = '\t', .header = false}).values(0, 1) == 2);
  CHECK(table_of("note\n\n1,2", {.header = false, .skip = 1}).values(0, 1) == 2);
}

TEST_CASE("fields may stand in quotes") {
  const auto table = table_of("\"x, y\",\"say \"\"hi\"\"\nthere\"\n\"1\", \"2\" \n");
  CHECK(table.names == std::vector<std::string>{"x, y", "say \"hi\"\nthere"});
  CHECK(table.values(0, 1) == 2);
}

TEST_CASE("missing values are an Error, or NaN by option") {
  for (const char* text : {"1,\n", "1,NA", "1,NaN", "1,?", "1,\"\"", "1,null"}) {
    INFO(text);
    CHECK_THROWS_AS(table_of(text, bare), Error);
    CHECK(std::isnan(table_of(text, {.header = false, .missing_as_nan = true}).values(0, 1)));
  }
  CHECK(table_of(",", {.header = false, .missing_as_nan = true}).values.shape() == Shape{1, 2});
}

TEST_CASE("what is wrong is an Error with its line") {
  const auto contains = [](const std::string& text, const CsvOptions& options, const char* part) {
    const std::string message = error_of([&] { table_of<float>(text, options); });
    INFO(message);
    CHECK(message.find(part) != std::string::npos);
  };
  contains("a,b\n1,2\n\n3\n", {}, "line 4: 1 fields, and 2 before; all lines need as many");
  contains("1,2\n3,4,5\n", bare, "line 2: 3 fields");
  contains("1,2\n3,x\n", bare, "line 2: 'x' is no number");
  contains("1,2\n3,4x\n", bare, "'4x' is no number");
  contains("0x10", bare, "is no number");
  contains("+-1", bare, "is no number");
  contains("1,2\n3,\n", bare, "line 2: the value of column 1 is missing");
  contains("1e99", bare, "'1e99' is out of range; read it as double");
  contains("1e999", bare, "out of range");
  contains("\"1\n2\n", bare, "line 1: a quote is not closed");
  contains("1\n\"2\"3\n", bare, "line 2: text after a closing quote");
  contains("", {}, "ends before its header");
  contains("a,b\n", {}, "there are no values");
  contains("\n\n", bare, "there are no values");
  CHECK(error_of([] { table_of("a\n1").column("b"); }).find("no column 'b'") != std::string::npos);
  CHECK_THROWS_AS(read_csv("/nowhere/f"), Error);
}

TEST_CASE("a damaged file is an Error or a table") {
  const TemporaryFolder folder;
  damage(
      folder, "a,\"b\"\n1.5,-2e3\n\"7\",8\n",
      [](const std::string& path) {
        const auto table = read_csv(path);
        if (table.values.rank() != 2) FAIL_CHECK("no table");
      },
      true);
}
