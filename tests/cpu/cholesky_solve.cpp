// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/cholesky_solve.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace regimen;

TEST_CASE_TEMPLATE("the solution is right, reads the lower triangle alone, and may overwrite b", T, float, double) {
  const T a[] = {4, 99, 99, 2, 5, 99, 0, 2, 9};
  T b[] = {2, 8, 3, 6, 25, 9};
  CHECK(kernel::cholesky_solve<T>(Cpu{}, 3, 2, a, b, b));
  const double wanted[] = {1, 2, -1, 0, 3, 1};
  for (int i = 0; i < 6; ++i) CHECK(std::fabs(static_cast<double>(b[i]) - wanted[i]) < 1e-5);
}

TEST_CASE("a matrix that is not positive definite is told, and x left alone") {
  const double negative[] = {-1}, singular[] = {1, 1, 1, 1}, indefinite[] = {1, 0, 2, 1}, b[] = {1, 1};
  double x[] = {7, 7};
  CHECK_FALSE(kernel::cholesky_solve<double>(Cpu{}, 1, 1, negative, b, x));
  CHECK_FALSE(kernel::cholesky_solve<double>(Cpu{}, 2, 1, singular, b, x));
  CHECK_FALSE(kernel::cholesky_solve<double>(Cpu{}, 2, 1, indefinite, b, x));
  CHECK(x[0] == 7);
  CHECK(x[1] == 7);
}
