// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/nn/pool.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("pools halve images by default") {
  const auto x = Tensor<>::from({1, 2, 3, 4, 5, 6, 7, 8}, {1, 1, 2, 4});
  CHECK(same_bits(MaxPool2d()(x), Tensor<>::from({6, 8}, {1, 1, 1, 2})));
  CHECK(same_bits(AvgPool2d()(x), Tensor<>::from({3.5f, 5.5f}, {1, 1, 1, 2})));
}

TEST_CASE("pools take windows, strides and padding") {
  const auto x = Tensor<>::from({1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 3, 3});
  CHECK(same_bits(MaxPool2d({.window = 2, .stride = 1})(x), Tensor<>::from({5, 6, 8, 9}, {1, 2, 2})));
  CHECK(same_bits(AvgPool2d({.window = {1, 3}})(x), Tensor<>::from({2, 5, 8}, {1, 3, 1})));
  CHECK(MaxPool2d({.window = 3, .stride = 2, .padding = 1})(x).shape() == Shape{1, 2, 2});
}

TEST_CASE("pools refuse windows that do not fit") {
  CHECK(fails_with([] { MaxPool2d()(Tensor<>::zeros({1, 1, 1, 1})); }, "max_pool2d", "[1, 1, 1, 1]"));
}
