// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/step_decay.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("step decay drops at each multiple, as often as told") {
  const Schedule s = step_decay({.initial = 8, .factor = 0.5, .every = 10});
  CHECK(s(0) == 8);
  CHECK(s(9) == 8);
  CHECK(s(10) == 4);
  CHECK(s(19) == 4);
  CHECK(s(30) == 1);
  const Schedule twice = step_decay({.initial = 8, .factor = 0.5, .every = 10, .drops = 2});
  CHECK(twice(20) == 2);
  CHECK(twice(30) == 2);
  CHECK(twice(1000000) == 2);
}

TEST_CASE("without drops the value is kept, and the defaults are a tenth of 1e-3 for ever") {
  const Schedule none = step_decay({.initial = 8, .factor = 0.5, .every = 10, .drops = 0});
  CHECK(none(0) == 8);
  CHECK(none(10) == 8);
  CHECK(none(1000) == 8);
  const Schedule s = step_decay({.every = 2});
  CHECK(s(1) == 1e-3);
  CHECK(s(2) == doctest::Approx(1e-4));
  CHECK(s(4) == doctest::Approx(1e-5));
  const Schedule slow = step_decay({.factor = 0.999999, .every = 1});
  CHECK(slow((1 << 20) - 1) > slow(1 << 20));
  CHECK(slow((1 << 20) + 5) == slow(1 << 20));
}

TEST_CASE("step decay options outside their ranges are errors") {
  CHECK_THROWS_AS(step_decay({.every = 0}), Error);
  CHECK_THROWS_AS(step_decay({.factor = 0, .every = 1}), Error);
  CHECK_THROWS_AS(step_decay({.every = 1, .drops = -1}), Error);
}

TEST_CASE("step decay has PyTorch's learning rates") {
  test::check_schedule("step", step_decay({.initial = 0.5, .factor = 0.3, .every = 7}));
}
