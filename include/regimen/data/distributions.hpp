// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/rng.hpp"
#include "regimen/optim/check.hpp"

namespace regimen {
namespace detail {

/// The logarithm of a draw from Gamma(shape, 1); finite also where the draw itself would underflow.
///
/// Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables.
inline double draw_log_gamma(Rng& rng, double shape) {
  if (shape < 1) return draw_log_gamma(rng, shape + 1) + std::log(1 - rng.uniform()) / shape;
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = rng.normal(), root = 1 + c * x, u = 1 - rng.uniform();
    if (root <= 0) continue;
    const double log_v = 3 * std::log(root);
    if (std::log(u) < 0.5 * x * x + d - d * root * root * root + d * log_v) return std::log(d) + log_v;
  }
}

/// log k!, to 1e-10. Without the global that std::lgamma writes.
inline double log_factorial(double k) {
  double sum = 0;
  for (; k < 10; ++k) sum -= std::log(k + 1);
  return sum + (k + 0.5) * std::log(k) - k + 0.91893853320467274178 + 1 / (12 * k) - 1 / (360 * k * k * k) +
         1 / (1260 * k * k * k * k * k);
}

}  // namespace detail

/// A number from Gamma(shape, 1): density x^(shape - 1) exp(-x) / Gamma(shape). Throws Error unless shape > 0.
inline double draw_gamma(Rng& rng, double shape) {
  detail::check_positive("draw_gamma", "shape", shape);
  return std::exp(detail::draw_log_gamma(rng, shape));
}

/// A number in [0, 1] from Beta(a, b): density x^(a - 1) (1 - x)^(b - 1) / B(a, b). Throws Error unless a, b > 0.
inline double draw_beta(Rng& rng, double a, double b) {
  detail::check_positive("draw_beta", "a", a);
  detail::check_positive("draw_beta", "b", b);
  const double log_a = detail::draw_log_gamma(rng, a), log_b = detail::draw_log_gamma(rng, b);
  return 1 / (1 + std::exp(log_b - log_a));
}

/// Shares that sum to 1 from Dirichlet(alpha[0], alpha[1], ...). Throws Error unless there are some, each > 0.
inline std::vector<double> draw_dirichlet(Rng& rng, std::span<const double> alpha) {
  if (alpha.empty()) detail::fail("draw_dirichlet", "alpha is empty", "give one number a share");
  std::vector<double> shares;
  for (const double a : alpha) {
    detail::check_positive("draw_dirichlet", "alpha", a);
    shares.push_back(detail::draw_log_gamma(rng, a));
  }
  const double largest = *std::max_element(shares.begin(), shares.end());
  double sum = 0;
  for (double& share : shares) sum += share = std::exp(share - largest);
  for (double& share : shares) share /= sum;
  return shares;
}

/// A count from Poisson(mean): P(k) = mean^k exp(-mean) / k!. Throws Error unless 0 <= mean <= 1e9.
///
/// Source: for mean >= 10, the transformed rejection of Hoermann (1993), The transformed rejection method for
/// generating Poisson random variables (PTRS); below, the product of uniforms.
inline std::int64_t draw_poisson(Rng& rng, double mean) {
  detail::check_option(mean >= 0 && mean <= 1e9, "draw_poisson", "mean", mean, "in [0, 1e9]");
  if (mean < 10) {
    const double limit = std::exp(-mean);
    double product = 1 - rng.uniform();
    std::int64_t count = 0;
    for (; product > limit; ++count) product *= 1 - rng.uniform();
    return count;
  }
  const double b = 0.931 + 2.53 * std::sqrt(mean), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = rng.uniform() - 0.5, v = 1 - rng.uniform(), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= v_r) return static_cast<std::int64_t>(k);
    if (!(k >= 0) || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <= k * std::log(mean) - mean - detail::log_factorial(k))
      return static_cast<std::int64_t>(k);
  }
}

}  // namespace regimen
