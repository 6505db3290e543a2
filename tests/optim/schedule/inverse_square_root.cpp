// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/optim/schedule/inverse_square_root.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE("inverse square root climbs to the peak and halves at four times the warm-up") {
  const Schedule s = inverse_square_root({.peak = 2, .warmup = 10});
  CHECK(s(0) == doctest::Approx(0.2));
  CHECK(s(9) == 2);
  CHECK(s(10) == doctest::Approx(2 * std::sqrt(10.0 / 11)));
  CHECK(s(39) == doctest::Approx(1));
  CHECK(s(999) == doctest::Approx(0.2));
}

TEST_CASE("noam is the formula of the Transformer paper") {
  const Schedule s = noam({.width = 512, .warmup = 4000});
  for (const std::int64_t number : {1, 100, 3999, 4000, 4001, 100000}) {
    const auto n = static_cast<double>(number);
    CHECK(s(number - 1) ==
          doctest::Approx(std::pow(512, -0.5) * std::fmin(std::pow(n, -0.5), n * std::pow(4000, -1.5))));
  }
}

TEST_CASE("inverse square root options outside their ranges are errors") {
  CHECK_THROWS_AS(inverse_square_root({.warmup = 0}), Error);
  CHECK_THROWS_AS(noam({.width = 0}), Error);
  CHECK_THROWS_AS(noam({.warmup = 0}), Error);
}
