// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/one_cycle.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("one cycle starts at peak / 25, has the peak after three tenths, and ends at start / 10000") {
  const Schedule s = one_cycle({.peak = 1, .steps = 100});
  CHECK(s(0) == doctest::Approx(0.04));
  CHECK(s(15) == doctest::Approx(0.52));
  CHECK(s(30) == 1);
  CHECK(s(65) == doctest::Approx(0.500002));
  CHECK(s(100) == doctest::Approx(4e-6));
  CHECK(s(101) == s(100));
}

TEST_CASE("one cycle on straight lines, and upside down for a momentum") {
  const Schedule s = one_cycle(
      {.peak = 1, .steps = 10, .warmup_fraction = 0.5, .initial_divisor = 2, .final_divisor = 4, .straight = true});
  CHECK(s(0) == 0.5);
  CHECK(s(1) == doctest::Approx(0.6));
  CHECK(s(5) == 1);
  CHECK(s(7) == doctest::Approx(0.65));
  CHECK(s(10) == 0.125);
  const Schedule momentum = one_cycle({.peak = 0.85, .steps = 10, .initial_divisor = 0.85 / 0.95, .final_divisor = 1});
  CHECK(momentum(0) == doctest::Approx(0.95));
  CHECK(momentum(3) == 0.85);
  CHECK(momentum(10) == doctest::Approx(0.95));
}

TEST_CASE("one cycle of two steps still has a peak") {
  const Schedule s = one_cycle({.peak = 1, .steps = 2, .warmup_fraction = 0.01});
  CHECK(s(0) == doctest::Approx(0.04));
  CHECK(s(1) == 1);
  CHECK(s(2) == doctest::Approx(4e-6));
}

TEST_CASE("one cycle options outside their ranges are errors") {
  CHECK_THROWS_AS(one_cycle({.steps = 1}), Error);
  CHECK_THROWS_AS(one_cycle({.steps = 9, .warmup_fraction = 0}), Error);
  CHECK_THROWS_AS(one_cycle({.steps = 9, .warmup_fraction = 1}), Error);
  CHECK_THROWS_AS(one_cycle({.steps = 9, .initial_divisor = 0}), Error);
  CHECK_THROWS_AS(one_cycle({.steps = 9, .final_divisor = -1}), Error);
}

TEST_CASE("one cycle has PyTorch's learning rates") {
  test::check_schedule("one_cycle", one_cycle({.peak = 0.5, .steps = 20, .warmup_fraction = 0.25}));
  test::check_schedule("one_cycle_linear",
                       one_cycle({.peak = 0.5, .steps = 20, .warmup_fraction = 0.25, .straight = true}));
}
