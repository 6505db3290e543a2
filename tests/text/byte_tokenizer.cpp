// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/text/byte_tokenizer.hpp"

#include <doctest/doctest.h>

#include "nn/support.hpp"

using namespace test;
using Tokens = std::vector<std::int64_t>;

TEST_CASE("bytes are tokens 0 to 255, and every text comes back") {
  const ByteTokenizer tokenizer;
  CHECK(tokenizer.vocabulary() == 256);
  CHECK(tokenizer.encode("Az \xc3\xa4") == Tokens{65, 122, 32, 195, 164});
  CHECK(tokenizer.encode("").empty());
  CHECK(tokenizer.decode({}).empty());
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const Tokens tokens = tokenizer.encode(all);
  CHECK(tokens[0] == 0);
  CHECK(tokens[255] == 255);
  CHECK(tokenizer.decode(tokens) == all);
}

TEST_CASE("special tokens are encoded where asked for alone, the longest that begins at a place") {
  const ByteTokenizer tokenizer({"<a>", "<a>b", "b"});
  CHECK(tokenizer.vocabulary() == 259);
  CHECK(tokenizer.special("<a>") == 256);
  CHECK(tokenizer.special("b") == 258);
  CHECK(tokenizer.encode("<a>b") == Tokens{'<', 'a', '>', 'b'});
  CHECK(tokenizer.encode("x<a><a>bb<a", {.special = true}) == Tokens{'x', 256, 257, 258, '<', 'a'});
  CHECK(tokenizer.decode(Tokens{'x', 256, 257, 258, '<'}) == "x<a><a>bb<");
  CHECK(tokenizer.encode("x<a>y", {.special = true}) == Tokens{'x', 256, 'y'});
}

TEST_CASE("wrong special tokens and tokens are Errors") {
  CHECK(fails_with([] { ByteTokenizer({"a", "b", "a"}); }, "ByteTokenizer", "'a' is there twice"));
  CHECK(fails_with([] { ByteTokenizer({""}); }, "empty"));
  const ByteTokenizer tokenizer({"<end>"});
  CHECK(fails_with([&] { tokenizer.special("<begin>"); }, "there is no special token '<begin>'"));
  CHECK(fails_with([&] { tokenizer.decode(Tokens{0, 257}); }, "token 257 of a vocabulary of 257"));
  CHECK(fails_with([&] { tokenizer.decode(Tokens{-1}); }, "token -1"));
}
