// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/cholesky.hpp"

#include <doctest/doctest.h>

using namespace regimen;

TEST_CASE_TEMPLATE("the factor is lower triangular, and what is not positive definite is named", T, float, double) {
  const T a[] = {4, 2, 2, 10, /**/ 1, 2, 2, 1}, expected[] = {2, 0, 1, 3};
  T l[8];
  bool failed[2];
  kernel::cholesky<T>(Cpu{}, 2, 2, a, l, failed);
  for (int i = 0; i < 4; ++i) CHECK(l[i] == doctest::Approx(expected[i]));
  CHECK_FALSE(failed[0]);
  CHECK(failed[1]);
}
