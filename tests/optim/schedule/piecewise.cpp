// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/piecewise.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("piecewise constant has the new value from the boundary on") {
  const Schedule s = piecewise_constant({.values = {3, 2, 1}, .boundaries = {5, 6}});
  CHECK(s(0) == 3);
  CHECK(s(4) == 3);
  CHECK(s(5) == 2);
  CHECK(s(6) == 1);
  CHECK(s(700) == 1);
  CHECK(piecewise_constant({.values = {3}, .boundaries = {}})(9) == 3);
}

TEST_CASE("piecewise linear goes through its points and is flat outside") {
  const Schedule s = piecewise_linear({.values = {1, 3, 2}, .steps = {2, 4, 8}});
  CHECK(s(0) == 1);
  CHECK(s(2) == 1);
  CHECK(s(3) == 2);
  CHECK(s(4) == 3);
  CHECK(s(6) == 2.5);
  CHECK(s(8) == 2);
  CHECK(s(9) == 2);
  CHECK(piecewise_linear({.values = {1, 3}, .steps = {0, 2}})(1) == 2);
}

TEST_CASE("piecewise lists of the wrong lengths or order are errors") {
  CHECK_THROWS_WITH_AS(piecewise_constant({.values = {1, 2}, .boundaries = {}}),
                       "piecewise_constant: values and boundaries have 2 and 0 entries; a boundary stands between two "
                       "values",
                       Error);
  CHECK_THROWS_AS(piecewise_constant({}), Error);
  CHECK_THROWS_WITH_AS(piecewise_constant({.values = {1, 2, 3}, .boundaries = {4, 4}}),
                       "piecewise_constant: boundaries has 4 after 4; boundaries must ascend", Error);
  CHECK_THROWS_AS(piecewise_constant({.values = {1, 2}, .boundaries = {0}}), Error);
  CHECK_THROWS_AS(piecewise_constant({.values = {1, std::nan("")}, .boundaries = {1}}), Error);
  CHECK_THROWS_AS(piecewise_linear({}), Error);
  CHECK_THROWS_AS(piecewise_linear({.values = {1}, .steps = {1, 2}}), Error);
  CHECK_THROWS_AS(piecewise_linear({.values = {1, 2}, .steps = {2, 1}}), Error);
  CHECK_THROWS_AS(piecewise_linear({.values = {1}, .steps = {-1}}), Error);
}

TEST_CASE("piecewise constant has PyTorch's learning rates of given milestones") {
  test::check_schedule("multi_step",
                       piecewise_constant({.values = {0.5, 0.25, 0.125, 0.0625}, .boundaries = {5, 6, 20}}));
}
