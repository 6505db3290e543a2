// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/polynomial.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("polynomial of power 2 is the parabola") {
  const Schedule s = polynomial({.initial = 5, .final = 1, .power = 2, .steps = 4});
  CHECK(s(0) == 5);
  CHECK(s(1) == 3.25);
  CHECK(s(2) == 2);
  CHECK(s(3) == 1.25);
  CHECK(s(4) == 1);
  CHECK(s(9) == 1);
}

TEST_CASE("the default polynomial is the line from 1e-3 to 0") {
  const Schedule s = polynomial({.steps = 4});
  CHECK(s(0) == 1e-3);
  CHECK(s(1) == doctest::Approx(7.5e-4));
  CHECK(s(3) == doctest::Approx(2.5e-4));
  CHECK(s(4) == 0);
  CHECK(polynomial({.final = 1, .steps = 4})(4) == 1);
}

TEST_CASE("polynomial options outside their ranges are errors") {
  CHECK_THROWS_AS(polynomial({.steps = 0}), Error);
  CHECK_THROWS_AS(polynomial({.power = 0, .steps = 1}), Error);
}

TEST_CASE("polynomial has PyTorch's learning rates") {
  test::check_schedule("polynomial", polynomial({.initial = 0.5, .power = 2.5, .steps = 20}));
}
