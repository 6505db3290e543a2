// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <limits>

#include "regimen/core/config.hpp"

/// The gamma function's family, for one number.
namespace regimen::kernel::math {

/// log |Gamma(x)|. Unlike the C library's lgamma, it writes no global variable.
REGIMEN_HD inline double log_gamma(double x) {
#if REGIMEN_DEVICE_CODE
  return ::lgamma(x);
#else
  int sign = 0;
  return ::lgamma_r(x, &sign);
#endif
}

inline constexpr int max_polygamma = 20;

namespace special_detail {

inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// The n-th derivative of cot(pi x) by pi x, a polynomial in c = cot(pi x): from p to -(1 + c^2) p', beginning with c.
/// The terms of one polynomial have one sign for c > 0, so that nothing cancels.
REGIMEN_HD inline double cotangent_derivative(int n, double c) {
  double p[max_polygamma + 2] = {0, 1};
  for (int order = 0; order < n; ++order) {
    double next[max_polygamma + 2] = {};
    for (int k = 1; k <= order + 1; ++k) {
      next[k - 1] -= k * p[k];
      next[k + 1] -= k * p[k];
    }
    for (int k = 0; k <= order + 2; ++k) p[k] = next[k];
  }
  double sum = 0;
  for (int k = n + 1; k >= 0; --k) sum = sum * c + p[k];
  return sum;
}

/// psi_n(x) for x >= 0.
REGIMEN_HD inline double polygamma_right(int n, double x) {
  constexpr double bernoulli[] = {1.0 / 12,  // B_2j / (2j)!
                                  -1.0 / 720,       1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160, -691.0 / 1307674368000,
                                  1.0 / 74724249600};
  double factorial = 1;  // n!
  for (int k = 2; k <= n; ++k) factorial *= k;
  const auto power = [n](double v) { return n == 0 ? 1 / v : std::pow(v, -(n + 1)); };
  double a = x, steps = 0;
  for (; a < 10 + 2 * n; ++a) steps += power(a);
  const double first = n == 0 ? -std::log(a) : factorial / n * std::pow(a, -n);
  double series = 0.5 * factorial * power(a), term = factorial * (n + 1) * power(a) / a;
  for (int j = 1; j <= 7; ++j) {
    series += bernoulli[j - 1] * term;
    term *= (2 * j + n) / a * ((2 * j + n + 1) / a);
  }
  const double size = first + (series + factorial * steps);
  return n % 2 == 0 ? -size : size;
}

}  // namespace special_detail

/// psi_n(x), derivative n + 1 of log |Gamma(x)|, for n from 0 to max_polygamma: the digamma function for n = 0.
/// Infinite at 0, NaN at the poles below.
///
///   psi_n(x) = psi_n(x + 1) - (-1)^n n! / x^(n+1)        psi_n(x) = (-1)^n psi_n(1 - x) - pi^(n+1) cot^(n)(pi x)
///
/// lead to an `a` for which the asymptotic series is exact enough, in which log a stands for the first term if n = 0:
///
///   (-1)^(n+1) psi_n(a) = (n-1)! / a^n + n! / (2 a^(n+1)) + sum_j B_2j (2j + n - 1)! / ((2j)! a^(2j+n))
///
/// Source: Abramowitz & Stegun (1964), 6.4.6, 6.4.7 and 6.4.11.
REGIMEN_HD inline double polygamma(int n, double x) {
  if (!(x < 0)) return special_detail::polygamma_right(n, x);
  constexpr double pi = 3.14159265358979323846;
  const double rest = std::remainder(x, 1.0), other = special_detail::polygamma_right(n, 1 - x);
  if (!(rest != 0)) return special_detail::not_a_number;
  const double cotangent = std::abs(rest) == 0.5 ? 0 : 1 / std::tan(pi * rest);
  return (n % 2 == 0 ? other : -other) - std::pow(pi, n + 1) * special_detail::cotangent_derivative(n, cotangent);
}

}  // namespace regimen::kernel::math
