// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/join.hpp"

#include <doctest/doctest.h>

#include <string>

#include "regimen/optim/schedule/cosine.hpp"
#include "regimen/optim/schedule/linear.hpp"

using namespace regimen;

TEST_CASE("joined schedules each count from their own start") {
  const Schedule s = join({linear_warmup({.peak = 2, .warmup = 4}), cosine({.peak = 2, .final = 1, .steps = 6})}, {4});
  const Schedule one = warmup_cosine({.peak = 2, .final = 1, .warmup = 4, .steps = 10});
  for (std::int64_t t = 0; t < 15; ++t) CHECK(s(t) == one(t));
  const Schedule three = join({1.0, 2.0, 3.0}, {5, 7});
  CHECK(three(4) == 1);
  CHECK(three(5) == 2);
  CHECK(three(7) == 3);
}

TEST_CASE("each of three joined lines begins at its boundary, and a boundary may be step 1") {
  const Schedule line = [](std::int64_t step) { return static_cast<double>(step); };
  const Schedule s = join({line, 10 + line, 20 + line}, {5, 7});
  const double wanted[] = {0, 1, 2, 3, 4, 10, 11, 20, 21, 22};
  for (std::int64_t t = 0; t < 10; ++t) CHECK(s(t) == wanted[t]);
  CHECK(join({line, 10 + line}, {1})(0) == 0);
  CHECK(join({line, 10 + line}, {1})(1) == 10);
  CHECK(join({line}, {})(3) == 3);
  CHECK(std::string(s.name()) == "join");
}

TEST_CASE("a shifted schedule waits, or starts inside") {
  const Schedule line = linear_schedule({.initial = 4, .final = 0, .steps = 4});
  CHECK(shifted(line, 3)(0) == 4);
  CHECK(shifted(line, 3)(3) == 4);
  CHECK(shifted(line, 3)(4) == 3);
  CHECK(shifted(line, -1)(0) == 3);
  CHECK(shifted(line, 0)(2) == 2);
  CHECK(shifted(line, -1)(9) == 0);
  CHECK(scale(line, 0.5)(1) == 1.5);
}

TEST_CASE("wrong joins and shifts are errors") {
  CHECK_THROWS_AS(join({}, {}), Error);
  CHECK_THROWS_AS(join({1.0, 2.0}, {}), Error);
  CHECK_THROWS_AS(join({1.0}, {3}), Error);
  CHECK_THROWS_AS(join({1.0, 2.0}, {3, 4}), Error);
  CHECK_THROWS_AS(join({1.0, 2.0, 3.0}, {5, 4}), Error);
  CHECK_THROWS_AS(join({1.0, 2.0, 3.0}, {5, 5}), Error);
  CHECK_THROWS_AS(join({1.0, 2.0}, {0}), Error);
  CHECK_THROWS_AS(shifted(1.0, INT64_MIN), Error);
  CHECK_THROWS_AS(scale(1.0, std::nan("")), Error);
}
