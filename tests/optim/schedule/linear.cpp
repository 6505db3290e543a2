// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/linear.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("linear is the straight line and then flat") {
  const Schedule s = linear_schedule({.initial = 2, .final = 1, .steps = 8});
  CHECK(s(0) == 2);
  CHECK(s(1) == 1.875);
  CHECK(s(4) == 1.5);
  CHECK(s(7) == 1.125);
  CHECK(s(8) == 1);
  CHECK(s(std::int64_t{1} << 62) == 1);
}

TEST_CASE("linear warm-up reaches the peak at its last step and stays") {
  const Schedule s = linear_warmup({.initial = 1, .peak = 3, .warmup = 4});
  CHECK(s(0) == 1);
  CHECK(s(3) == 2.5);
  CHECK(s(4) == 3);
  CHECK(s(5000) == 3);
  CHECK(linear_warmup({.peak = 3})(0) == 3);
}

TEST_CASE("linear options outside their ranges are errors") {
  CHECK_THROWS_WITH_AS(linear_schedule({.steps = 0}),
                       "linear_schedule: steps is 0; steps must be at least 1 and at most 2^60", Error);
  CHECK_THROWS_AS(linear_schedule({.initial = 1.0 / 0.0, .steps = 1}), Error);
  CHECK_THROWS_AS(linear_schedule({.final = std::nan(""), .steps = 1}), Error);
  CHECK_THROWS_AS(linear_warmup({.warmup = -1}), Error);
  CHECK_THROWS_AS(linear_warmup({.peak = 1.0 / 0.0}), Error);
}

TEST_CASE("linear has PyTorch's learning rates") {
  test::check_schedule("linear", linear_schedule({.initial = 0.125, .final = 0.375, .steps = 12}));
}
