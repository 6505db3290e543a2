// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/round.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE_TEMPLATE("halves go to the even neighbour", T, float, double) {
  const T x[] = {T(-2.5), T(-1.5), T(-0.4), T(0.5), T(1.5), T(2.49)}, expected[] = {-2, -2, 0, 0, 2, 2};
  T y[6];
  kernel::round<T>(Cpu{}, 6, x, y);
  for (int i = 0; i < 6; ++i) CHECK(y[i] == expected[i]);
}
