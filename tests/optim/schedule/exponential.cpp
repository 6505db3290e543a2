// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/exponential.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("exponential halves each period down to the minimum") {
  const Schedule s = exponential({.initial = 8, .rate = 0.5, .steps = 2, .minimum = 1});
  CHECK(s(0) == 8);
  CHECK(s(1) == doctest::Approx(8 / std::sqrt(2.0)));
  CHECK(s(2) == 4);
  CHECK(s(6) == 1);
  CHECK(s(7) == 1);
  CHECK(s(std::int64_t{1} << 62) == 1);
}

TEST_CASE("geometric is straight on a logarithmic axis, both ways") {
  const Schedule up = geometric({.initial = 1, .final = 16, .steps = 4});
  CHECK(up(0) == 1);
  CHECK(up(1) == doctest::Approx(2));
  CHECK(up(3) == doctest::Approx(8));
  CHECK(up(4) == 16);
  CHECK(up(5) == 16);
  CHECK(geometric({.initial = 16, .final = 1, .steps = 4})(1) == doctest::Approx(8));
}

TEST_CASE("exponential options outside their ranges are errors") {
  CHECK_THROWS_AS(exponential({.rate = 1.5}), Error);
  CHECK_THROWS_AS(exponential({.rate = 0}), Error);
  CHECK_THROWS_AS(exponential({.steps = 0}), Error);
  CHECK_THROWS_AS(geometric({.initial = 0, .steps = 1}), Error);
  CHECK_THROWS_AS(geometric({.final = -1, .steps = 1}), Error);
  CHECK_THROWS_AS(geometric({.steps = 0}), Error);
}

TEST_CASE("exponential has PyTorch's learning rates") {
  test::check_schedule("exponential", exponential({.initial = 0.5, .rate = 0.9}));
}
