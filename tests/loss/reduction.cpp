// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/loss/reduction.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "nn/support.hpp"

using namespace test;

TEST_CASE("per_sample takes the mean over all axes but the leading one") {
  const auto x = Tensor<>::from({1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2});
  CHECK(same_bits(per_sample(x), Tensor<>::from({2.5f, 6.5f})));
  CHECK(same_bits(per_sample(Tensor<>::from({1, 2})), Tensor<>::from({1, 2})));
  CHECK(same_bits(per_sample(Tensor<>::scalar(3)), Tensor<>::scalar(3)));
}

TEST_CASE("reduce leaves, averages or sums") {
  const auto losses = Tensor<>::from({1, 2, 6});
  CHECK(same_bits(reduce(losses, Reduction::none), losses));
  CHECK(same_bits(reduce(losses, Reduction::mean), Tensor<>::scalar(3)));
  CHECK(same_bits(reduce(losses, Reduction::sum), Tensor<>::scalar(9)));
}
