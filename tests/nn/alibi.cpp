// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/alibi.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("slopes are a geometric sequence for powers of two") {
  CHECK(alibi_slopes(8) == std::vector<double>{0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625});
  CHECK(alibi_slopes(1) == std::vector<double>{1. / 256});
}

TEST_CASE("slopes of another number are those of the authors' code") {
  const auto slopes = alibi_slopes(12);
  REQUIRE(slopes.size() == 12);
  for (std::size_t i = 0; i < 8; ++i) CHECK(slopes[i] == alibi_slopes(8)[i]);
  for (std::size_t i = 0; i < 4; ++i) CHECK(slopes[8 + i] == doctest::Approx(alibi_slopes(16)[2 * i]));
  const auto three = alibi_slopes(3);
  CHECK(three == std::vector<double>{1. / 16, 1. / 256, 1. / 4});
}

TEST_CASE("the bias falls with the distance from the last key's position") {
  const double s = 1. / 256;
  const auto bias = alibi_bias<double>(2, 2, 3);
  CHECK(same_bits(
      bias, Tensor<double>::from({-16 * s, 0, -16 * s, -32 * s, -16 * s, 0, -s, 0, -s, -2 * s, -s, 0}, {2, 2, 3})));
  CHECK(alibi_bias(2, 0, 3).shape() == Shape{2, 0, 3});
  CHECK(fails_with([] { alibi_slopes(0); }, "alibi_slopes", "0 heads"));
}
