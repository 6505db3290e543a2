// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using regimen::matches;

TEST_CASE("a pattern without stars fits the same name only") {
  CHECK(matches("hidden.weight", "hidden.weight"));
  CHECK(!matches("hidden.weight", "hidden.weights"));
  CHECK(!matches("hidden.weight", "hidden.weigh"));
  CHECK(!matches("hidden.weight", ""));
  CHECK(!matches("Hidden.weight", "hidden.weight"));
}

TEST_CASE("a star fits any characters, also none and dots") {
  CHECK(matches("*", "hidden.weight"));
  CHECK(matches("*", ""));
  CHECK(matches("**", "a"));
  CHECK(matches("hidden.*", "hidden.0.weight"));
  CHECK(matches("hidden.*", "hidden."));
  CHECK(!matches("hidden.*", "hidden"));
  CHECK(matches("*.bias", "a.b.bias"));
  CHECK(!matches("*.bias", "bias"));
  CHECK(matches("block*.w*t", "block.3.weight"));
  CHECK(matches("a*b*c", "abcbc"));
  CHECK(!matches("a*b*c", "abcb"));
  CHECK(matches("*ab", "aab"));
  CHECK(!matches("a*a", "a"));
}

TEST_CASE("commas separate alternatives, with or without spaces around them") {
  CHECK(matches("hidden.*, *.bias", "hidden.weight"));
  CHECK(matches("hidden.*, *.bias", "out.bias"));
  CHECK(!matches("hidden.*, *.bias", "out.weight"));
  CHECK(matches("  a ,b,  c  ", "a"));
  CHECK(matches("  a ,b,  c  ", "b"));
  CHECK(matches("  a ,b,  c  ", "c"));
  CHECK(!matches("a, b", "a, b"));
}

TEST_CASE("an empty pattern or alternative fits nothing") {
  for (const char* name : {"", "a", " "}) {
    CHECK(!matches("", name));
    CHECK(!matches("  ", name));
    CHECK(!matches(",", name));
    CHECK(!matches(" , ,", name));
  }
  CHECK(matches("a,", "a"));
  CHECK(matches(",a", "a"));
}

TEST_CASE("many stars take time in proportion to the name, not to a power of it") {
  const std::string name(20000, 'a');
  CHECK(!matches("*a*a*a*a*a*a*a*a*b", name));
  CHECK(matches("*a*a*a*a*a*a*a*a*", name));
}
