// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/triangular.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("triangular goes up and down for ever") {
  const Schedule s = triangular({.low = 1, .high = 3, .half_cycle = 4});
  for (const std::int64_t cycle : {0, 1, 1000}) {
    CHECK(s(8 * cycle) == 1);
    CHECK(s(8 * cycle + 1) == 1.5);
    CHECK(s(8 * cycle + 4) == 3);
    CHECK(s(8 * cycle + 5) == 2.5);
    CHECK(s(8 * cycle + 7) == 1.5);
  }
}

TEST_CASE("triangular2 halves the height and exp_range shrinks it at each step") {
  const Schedule halved = triangular({.low = 1, .high = 3, .half_cycle = 4, .height = TriangularHeight::halved});
  CHECK(halved(4) == 3);
  CHECK(halved(12) == 2);
  CHECK(halved(20) == 1.5);
  CHECK(halved(16) == 1);
  const Schedule range =
      triangular({.low = 1, .high = 3, .half_cycle = 4, .height = TriangularHeight::exponential, .gamma = 0.9});
  CHECK(range(4) == doctest::Approx(1 + 2 * std::pow(0.9, 4)));
  CHECK(range(6) == doctest::Approx(1 + std::pow(0.9, 6)));
  CHECK(range(12) == doctest::Approx(1 + 2 * std::pow(0.9, 12)));
}

TEST_CASE("triangular options outside their ranges are errors") {
  CHECK_THROWS_AS(triangular({.half_cycle = 0}), Error);
  CHECK_THROWS_AS(triangular({.half_cycle = 1, .gamma = 0}), Error);
  CHECK_THROWS_AS(triangular({.half_cycle = 1, .gamma = 1.1}), Error);
}

TEST_CASE("triangular has PyTorch's cyclic learning rates") {
  test::check_schedule("cyclic", triangular({.low = 0.1, .high = 0.9, .half_cycle = 4}));
  test::check_schedule("cyclic_halved",
                       triangular({.low = 0.1, .high = 0.9, .half_cycle = 4, .height = TriangularHeight::halved}));
  test::check_schedule(
      "cyclic_range",
      triangular({.low = 0.1, .high = 0.9, .half_cycle = 4, .height = TriangularHeight::exponential, .gamma = 0.95}));
}
