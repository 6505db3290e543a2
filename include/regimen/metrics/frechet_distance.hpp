// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/eigh.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"

namespace regimen {
namespace detail {

/// The square root of a symmetric matrix; eigenvalues below 0, which rounding makes of 0, count as 0.
inline Tensor<double> symmetric_sqrt(const Tensor<double>& a) {
  const auto [values, vectors] = eigh(a);
  return matmul(vectors * sqrt(relu(values)), vectors, {.transpose_b = true});
}

}  // namespace detail

/// The Frechet (Wasserstein-2) distance, squared, of two normal distributions with means [d] and covariances [d, d]:
///
///   |m1 - m2|^2 + tr(S1 + S2 - 2 (S1^1/2 S2 S1^1/2)^1/2)
///
/// Covariances may be singular. Throws Error for shapes that do not agree and elements that are not finite.
///
/// Sources: Dowson & Landau (1982); Heusel et al. (2017), GANs trained by a two time-scale update rule.
inline double frechet_distance(const Tensor<double>& mean1, const Tensor<double>& covariance1,
                               const Tensor<double>& mean2, const Tensor<double>& covariance2) {
  const Shape square{mean1.size(), mean1.size()};
  if (mean1.rank() != 1 || !(mean2.shape() == mean1.shape()) || !(covariance1.shape() == square) ||
      !(covariance2.shape() == square))
    detail::fail("frechet_distance",
                 {"means are ", mean1.shape(), " and ", mean2.shape(), ", covariances ", covariance1.shape(), " and ",
                  covariance2.shape()},
                 "means are [d] and covariances [d, d]");
  detail::check_all_finite("frechet_distance", "means 1", mean1);
  detail::check_all_finite("frechet_distance", "covariances 1", covariance1);
  detail::check_all_finite("frechet_distance", "means 2", mean2);
  detail::check_all_finite("frechet_distance", "covariances 2", covariance2);
  const std::int64_t d = mean1.size();
  double result = 0;
  for (std::int64_t i = 0; i < d; ++i) {
    const double difference = mean1.data()[i] - mean2.data()[i];
    result += difference * difference + covariance1.data()[i * (d + 1)] + covariance2.data()[i * (d + 1)];
  }
  const auto root = detail::symmetric_sqrt(covariance1.detach());
  const auto product = eigh(matmul(matmul(root, covariance2.detach()), root)).values;
  for (const double value : product.span()) result -= 2 * std::sqrt(std::max(value, 0.0));
  return std::max(result, 0.0);
}

/// The same of two samples of features x [n, d] and y [m, d], by their means and covariances (divided by n - 1); the
/// FID where the features are those of Inception-v3. Computed in double. Throws Error for other shapes, fewer than 2
/// rows, and features that are not finite.
template <class T, class Device>
double frechet_distance(const Tensor<T, Device>& x, const Tensor<T, Device>& y) {
  if (x.rank() != 2 || y.rank() != 2 || x.size(1) != y.size(1) || x.size(0) < 2 || y.size(0) < 2)
    detail::fail("frechet_distance", {"features are ", x.shape(), " and ", y.shape()},
                 "they are [n, d] and [m, d], with n and m at least 2");
  detail::check_all_finite("frechet_distance", "features x", x);
  detail::check_all_finite("frechet_distance", "features y", y);
  const auto moments = [](const Tensor<double>& features) {
    const auto mean = regimen::mean(features, 0);
    const auto centred = features - mean;
    const double factor = 1 / static_cast<double>(features.size(0) - 1);
    return std::pair(mean, matmul(centred, centred, {.transpose_a = true}) * factor);
  };
  const auto [mean1, covariance1] = moments(x.template to<double>());
  const auto [mean2, covariance2] = moments(y.template to<double>());
  return frechet_distance(mean1, covariance1, mean2, covariance2);
}

}  // namespace regimen
