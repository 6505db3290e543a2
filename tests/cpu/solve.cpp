// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/solve.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace regimen;

TEST_CASE_TEMPLATE("a x = b and a^T x = b, by hand, and the singular matrix of a batch is named", T, float, double) {
  const T a[] = {2, 1, 0, 4, /**/ 1, 2, 2, 4}, b[] = {4, 8, /**/ 1, 1};
  T x[4];
  bool singular[2];
  kernel::solve<T>(Cpu{}, false, 2, 2, 1, a, b, x, singular);
  CHECK(x[0] == doctest::Approx(1));
  CHECK(x[1] == doctest::Approx(2));
  CHECK_FALSE(singular[0]);
  CHECK(singular[1]);
  kernel::solve<T>(Cpu{}, true, 1, 2, 1, a, b, x, singular);
  CHECK(x[0] == doctest::Approx(2));
  CHECK(x[1] == doctest::Approx(1.5));
}

TEST_CASE_TEMPLATE("determinants have a sign and the logarithm of their size", T, float, double) {
  const T a[] = {0, 2, 3, 0, /**/ 1, 2, 2, 4};
  T sign[2], log_abs[2];
  kernel::slogdet<T>(Cpu{}, 2, 2, a, sign, log_abs);
  CHECK(sign[0] == -1);
  CHECK(log_abs[0] == doctest::Approx(std::log(6.0)));
  CHECK(sign[1] == 0);
  CHECK(std::isinf(log_abs[1]));
}
