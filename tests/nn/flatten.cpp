// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/flatten.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("flatten keeps the batch") {
  const auto x = Tensor<>::from({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
  CHECK(same_bits(Flatten()(x), Tensor<>::from({1, 2, 3, 4, 5, 6, 7, 8}, {2, 4})));
  CHECK(Flatten()(Tensor<>::zeros({0, 3, 4})).shape() == Shape{0, 12});
  CHECK(Flatten{.from_axis = 0}(x).shape() == Shape{8});
}
