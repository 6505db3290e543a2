// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/shape.hpp"

#include <doctest/doctest.h>

using regimen::Error;
using regimen::Shape;

TEST_CASE("a shape knows its rank, sizes and number of elements") {
  const Shape shape{2, 3, 4};
  CHECK(shape.rank() == 3);
  CHECK(shape.size() == 24);
  CHECK(shape[0] == 2);
  CHECK(shape[-1] == 4);
  CHECK(shape.to_string() == "[2, 3, 4]");
  CHECK(Shape{}.size() == 1);
  CHECK(Shape{}.to_string() == "[]");
  CHECK(Shape{5, 0}.size() == 0);
}

TEST_CASE("shapes are edited by axis") {
  const Shape shape{2, 3, 4};
  CHECK(shape.with(-2, 7) == Shape{2, 7, 4});
  CHECK(shape.without(0) == Shape{3, 4});
  CHECK(shape.sub(1, 3) == Shape{3, 4});
  CHECK_FALSE(shape == Shape{2, 3});
  CHECK_FALSE(shape == Shape{2, 3, 5});
}

TEST_CASE("shapes broadcast by aligned trailing axes") {
  CHECK(broadcast(Shape{4, 1, 3}, Shape{5, 1}, "add") == Shape{4, 5, 3});
  CHECK(broadcast(Shape{}, Shape{2, 2}, "add") == Shape{2, 2});
  CHECK(broadcast(Shape{0}, Shape{1}, "add") == Shape{0});
  CHECK_THROWS_WITH_AS(
      broadcast(Shape{2, 3}, Shape{2, 4}, "add"),
      "add: shapes [2, 3] and [2, 4] do not broadcast; trailing axes must be equal or 1; reshape one operand", Error);
}

TEST_CASE("bad shapes are Errors") {
  CHECK_THROWS_AS(Shape({-1}), Error);
  CHECK_THROWS_AS(Shape({1, 1, 1, 1, 1, 1, 1, 1, 1}), Error);
  CHECK_THROWS_AS(Shape({std::int64_t{1} << 40, std::int64_t{1} << 40}), Error);
  CHECK_THROWS_AS(Shape({2})[1], Error);
  CHECK_THROWS_AS(Shape({2})[-2], Error);
}
