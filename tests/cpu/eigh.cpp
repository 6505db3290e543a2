// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/cpu/eigh.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace regimen;

TEST_CASE_TEMPLATE("values ascend, and the largest entry of a vector is positive", T, float, double) {
  const T a[] = {2, 0, 0, -1, /**/ 1, 2, 2, 4};  // values -1, 2 and 0, 5
  T w[4], v[8];
  bool failed[2];
  kernel::eigh<T>(Cpu{}, 2, 2, a, w, v, failed);
  const double r = std::sqrt(5.0), values[] = {-1, 2, 0, 5}, vectors[] = {0, 1, 1, 0, /**/ 2 / r, 1 / r, -1 / r, 2 / r};
  for (int i = 0; i < 4; ++i) CHECK(static_cast<double>(w[i]) == doctest::Approx(values[i]).epsilon(1e-5));
  for (int i = 0; i < 8; ++i) CHECK(static_cast<double>(v[i]) == doctest::Approx(vectors[i]).epsilon(1e-5));
  CHECK_FALSE(failed[0]);
  CHECK_FALSE(failed[1]);
}
