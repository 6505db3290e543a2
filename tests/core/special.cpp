// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#include "regimen/core/special.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

using namespace regimen;

TEST_CASE("log_gamma is that of long double, and leaves signgam alone") {
  signgam = 7;
  for (const double x : {1e-300, 1e-10, 0.3, 1.0, 1.4616, 1.9999, 2.0, 3.5, 171.0, 1e10, -0.2, -1.7, -20.5}) {
    const long double wanted = std::lgamma(static_cast<long double>(x));
    signgam = 7;
    CHECK(std::abs(kernel::math::log_gamma(x) - wanted) <= 4e-16L * std::abs(wanted));
    CHECK(signgam == 7);
  }
}

TEST_CASE("polygamma satisfies the duplication formula at every order") {
  // 2^(n+1) psi_n(2 x) = psi_n(x) + psi_n(x + 1/2), and 2 log 2 more for n = 0.
  for (int n = 0; n <= kernel::math::max_polygamma; ++n)
    for (const double x : {1e-3, 0.31, 2.4, 7.7, 24.0, 55.5, -0.3, -4.2}) {
      CAPTURE(n);
      CAPTURE(x);
      const double left = std::pow(2.0, n + 1) * kernel::math::polygamma(n, 2 * x);
      const double first = kernel::math::polygamma(n, x), second = kernel::math::polygamma(n, x + 0.5);
      const double sum = first + second + (n == 0 ? 2 * std::log(2.0) : 0);
      CHECK(std::abs(left - sum) <= 1e-14 * (std::abs(first) + std::abs(second) + 1e-300));
    }
}

TEST_CASE("the derivatives of the cotangent are those of its differential equation") {
  const double c = 0.7, s = 1 + c * c;
  CHECK(kernel::math::special_detail::cotangent_derivative(0, c) == c);
  CHECK(kernel::math::special_detail::cotangent_derivative(1, c) == doctest::Approx(-s).epsilon(1e-15));
  CHECK(kernel::math::special_detail::cotangent_derivative(2, c) == doctest::Approx(2 * c * s).epsilon(1e-15));
  CHECK(kernel::math::special_detail::cotangent_derivative(3, c) ==
        doctest::Approx(-2 * s * (s + 2 * c * c)).epsilon(1e-15));
}
