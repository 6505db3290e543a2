// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/gradient.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE_TEMPLATE("rows lose their mean", T, float, double) {
  T g[] = {1, 2, 6, -1, 1, 3};
  const T expected[] = {-2, -1, 3, -2, 0, 2};
  kernel::centre_rows<T>(Cpu{}, 2, 3, g);
  for (int i = 0; i < 6; ++i) CHECK(g[i] == expected[i]);
}

TEST_CASE_TEMPLATE("rows longer than their share of the parameter's are cut to it, others stay", T, float, double) {
  const T p[] = {3, 4, 0, 0, 6, 8};      // lengths 5, 0 and 10
  T g[] = {6, 8, 3, 4, T(0.3), T(0.4)};  // 10, 5 and 0.5
  kernel::clip_rows<T>(Cpu{}, 3, 2, 0.1, 0.5, p, g);
  const double expected[] = {0.3, 0.4, 0.03, 0.04, 0.3, 0.4};  // 0.1 of 5, of the least length 0.5, and below 1
  for (int i = 0; i < 6; ++i) CHECK(static_cast<double>(g[i]) == doctest::Approx(expected[i]));
}
