// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/metrics/churn.hpp"

#include <doctest/doctest.h>

#include "metrics/support.hpp"

using namespace test;

TEST_CASE("churn is the part of the predictions that differ") {
  const auto a = Labels::from({0, 1, 2, 3}), b = Labels::from({0, 2, 2, 2});
  CHECK(churn(a, a) == 0);
  CHECK(churn(a, b) == 0.5);
  CHECK(churn(b, a) == 0.5);
  CHECK(churn(Labels::from({1}), Labels::from({0})) == 1);
  CHECK(churn(a.reshaped({2, 2}), b.reshaped({2, 2})) == 0.5);
}

TEST_CASE("churn refuses other shapes and no samples") {
  CHECK(fails_with([] { churn(Labels::from({0, 1}), Labels::from({0})); }, "predictions are [2] and [1]"));
  CHECK(fails_with([] { churn(Labels::zeros({0}), Labels::zeros({0})); }, "[0]"));
}
