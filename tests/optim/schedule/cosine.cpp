// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/cosine.hpp"

#include <doctest/doctest.h>

#include "optim/oracle.hpp"

using namespace regimen;

TEST_CASE("cosine has its closed form at the quarters and holds the final value") {
  const Schedule s = cosine({.peak = 3, .final = 1, .steps = 12});
  CHECK(s(0) == 3);
  CHECK(s(4) == doctest::Approx(2.5));  // cos(pi / 3) = 1 / 2
  CHECK(s(6) == doctest::Approx(2));
  CHECK(s(8) == doctest::Approx(1.5));
  CHECK(s(11) == doctest::Approx(1 + (1 - std::cos(3.14159265358979 / 12))));
  CHECK(s(12) == 1);
  CHECK(s(1000000) == 1);
}

TEST_CASE("each restart of the cosine begins at its peak, and cycles grow") {
  const Schedule s = cosine({.peak = 4, .final = 0, .steps = 10, .cycles = 3, .growth = 2, .peak_factor = 0.5});
  CHECK(s(0) == 4);
  CHECK(s(5) == doctest::Approx(2));
  CHECK(s(9) > 0);
  CHECK(s(10) == 2);
  CHECK(s(20) == doctest::Approx(1));
  CHECK(s(30) == 1);
  CHECK(s(50) == doctest::Approx(0.5));
  CHECK(s(69) > 0);
  CHECK(s(70) == 0);
  const Schedule even = cosine({.peak = 4, .final = 0, .steps = 10, .cycles = 3});
  for (const std::int64_t t : {0, 1, 5, 9}) {
    CHECK(even(t + 10) == even(t));
    CHECK(even(t + 20) == even(t));
  }
  CHECK(even(30) == 0);
}

TEST_CASE("warm-up and cosine meet at the peak") {
  const Schedule s = warmup_cosine({.initial = 0.5, .peak = 2, .final = 1, .warmup = 3, .steps = 7});
  CHECK(s(0) == 0.5);
  CHECK(s(2) == doctest::Approx(1.5));
  CHECK(s(3) == 2);
  CHECK(s(5) == doctest::Approx(1.5));
  CHECK(s(7) == 1);
  CHECK(s(8) == 1);
  CHECK(warmup_cosine({.peak = 2, .steps = 7})(0) == 2);
}

TEST_CASE("cosine options outside their ranges are errors") {
  CHECK_THROWS_AS(cosine({.steps = 0}), Error);
  CHECK_THROWS_AS(cosine({.steps = 1, .cycles = 0}), Error);
  CHECK_THROWS_AS(cosine({.steps = 1, .growth = 0}), Error);
  CHECK_THROWS_AS(cosine({.steps = 1, .peak_factor = 0}), Error);
  CHECK_THROWS_AS(cosine({.steps = 3, .cycles = 200, .growth = 2}), Error);
  CHECK_THROWS_AS(cosine({.steps = std::int64_t{1} << 40, .cycles = std::int64_t{1} << 40}), Error);
  CHECK_THROWS_WITH_AS(
      warmup_cosine({.warmup = 7, .steps = 7}),
      "warmup_cosine: warmup 7 leaves none of 7 steps; steps counts the warm-up too and must exceed it", Error);
}

TEST_CASE("cosine and its restarts have PyTorch's learning rates") {
  test::check_schedule("cosine", cosine({.peak = 0.5, .final = 0.1, .steps = 20}));
  test::check_schedule("cosine_restarts", cosine({.peak = 0.5, .final = 0.1, .steps = 5, .cycles = 4, .growth = 2}));
}
