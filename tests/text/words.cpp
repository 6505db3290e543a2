// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace regimen;

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for_each_word(text, [&](std::string_view word) { result.emplace_back(word); });
  return result;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a word is a run of one kind with the blank before it") {
  CHECK(words("Hello world, it's 42nd!") == Words{"Hello", " world", ",", " it", "'", "s", " 42", "nd", "!"});
  CHECK(words("\xc3\xa4"
              "b _-1") == Words{"\xc3\xa4"
                                "b",
                                " _-", "1"});
  CHECK(words("").empty());
}

TEST_CASE("white space is a word but for a last blank, which belongs to what follows") {
  CHECK(words("a  b\n c\n\nd \n  e   7  !  ") ==
        Words{"a", " ", " b", "\n", " c", "\n\n", "d", " \n ", " e", "  ", " 7", " ", " !", "  "});
  CHECK(words(" ") == Words{" "});
  CHECK(words(" a") == Words{" a"});
  CHECK(words("\t\va\r\f") == Words{"\t\v", "a", "\r\f"});
}

TEST_CASE("words are together the text") {
  const std::string text("a\0 \0\0b \xff 1.  x\n\n y", 18);
  std::string joined;
  for (const std::string& word : words(text)) {
    CHECK(!word.empty());
    joined += word;
  }
  CHECK(joined == text);
}
