// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/accuracy.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace regimen;

TEST_CASE_TEMPLATE("accuracy counts the rows whose first maximum is the label", T, float, double) {
  const auto scores = Tensor<T>::from({1, 3, 2, 5, 5, 0, -1, -2, -3, 0, 0, 9}, {4, 3});
  CHECK(accuracy(scores, Tensor<std::int64_t>::from({1, 0, 0, 2})) == 1);
  CHECK(accuracy(scores, Tensor<std::int64_t>::from({1, 1, 0, 0})) == 0.5);
}

TEST_CASE("a row with NaN counts as wrong") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(accuracy(Tensor<>::from({nan, 1, 2, 1}, {2, 2}), Tensor<std::int64_t>::from({0, 0})) == 0.5);
}

TEST_CASE("shapes that do not belong together are an Error with both") {
  CHECK_THROWS_WITH_AS(accuracy(Tensor<>::zeros({2, 3}), Tensor<std::int64_t>::zeros({3})),
                       doctest::Contains("[2, 3] and labels [3]"), Error);
  CHECK_THROWS_AS(accuracy(Tensor<>::zeros({0, 3}), Tensor<std::int64_t>::zeros({0})), Error);
  CHECK_THROWS_AS(accuracy(Tensor<>::zeros({6}), Tensor<std::int64_t>::zeros({6})), Error);
}
