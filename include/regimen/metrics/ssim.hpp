// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

struct SsimOptions {
  double range = 1;             ///< L > 0: the largest value less the smallest that an image can have, as 255 for bytes
  std::int64_t window = 11;     ///< side of the Gaussian window in pixels, odd
  double sigma = 1.5;           ///< > 0: its standard deviation
  double k1 = 0.01, k2 = 0.03;  ///< > 0: C1 = (k1 L)^2, C2 = (k2 L)^2
};

namespace detail {

/// The mean structural similarity of two planes [h, w] over the places of the window within them; `moments` has room
/// for five planes of h (w - window + 1).
template <class T>
double plane_ssim(const T* x, const T* y, std::int64_t h, std::int64_t w, const std::vector<double>& weights,
                  const SsimOptions& options, std::vector<double>& moments) {
  const auto size = static_cast<std::int64_t>(weights.size()), columns = w - size + 1, rows = h - size + 1;
  const double c1 = options.k1 * options.k1 * options.range * options.range;
  const double c2 = options.k2 * options.k2 * options.range * options.range;
  double* const out = moments.data();  // of each place in a row: the weighted means of x, y, x^2, y^2 and x y
  for (std::int64_t i = 0; i < h; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      double* const m = out + 5 * (i * columns + j);
      for (int k = 0; k < 5; ++k) m[k] = 0;
      for (std::int64_t t = 0; t < size; ++t) {
        const auto a = static_cast<double>(x[i * w + j + t]), b = static_cast<double>(y[i * w + j + t]);
        const double g = weights[static_cast<std::size_t>(t)];
        m[0] += g * a;
        m[1] += g * b;
        m[2] += g * a * a;
        m[3] += g * b * b;
        m[4] += g * a * b;
      }
    }
  double sum = 0;
  for (std::int64_t i = 0; i < rows; ++i)
    for (std::int64_t j = 0; j < columns; ++j) {
      double m[5] = {};
      for (std::int64_t t = 0; t < size; ++t)
        for (int k = 0; k < 5; ++k) m[k] += weights[static_cast<std::size_t>(t)] * out[5 * ((i + t) * columns + j) + k];
      const double square_x = m[0] * m[0], square_y = m[1] * m[1], product = m[0] * m[1];
      sum += (2 * product + c1) * (2 * (m[4] - product) + c2) /
             ((square_x + square_y + c1) * (m[2] - square_x + m[3] - square_y + c2));
    }
  return sum / static_cast<double>(rows * columns);
}

}  // namespace detail

/// The mean structural similarity of images x and y [N, C, H, W], in [-1, 1], 1 for equal ones:
///
///   SSIM = (2 mx my + C1) (2 sxy + C2) / ((mx^2 + my^2 + C1) (sx^2 + sy^2 + C2))
///
/// with the means, variances and covariance under a Gaussian window (biased: the weights sum to 1), averaged over the
/// places of the window within the image, channels and images. Throws Error for other shapes, images smaller than the
/// window, elements that are not finite, and options outside their ranges.
///
/// Source: Wang et al. (2004), Image quality assessment: from error visibility to structural similarity, eq. 13.
template <class T, class Device>
double ssim(const Tensor<T, Device>& x, const Tensor<T, Device>& y, const SsimOptions& options = {}) {
  if (x.rank() != 4 || !(x.shape() == y.shape()) || x.size() == 0)
    detail::fail("ssim", {"x is ", x.shape(), " and y ", y.shape()}, "both are [N, C, H, W], and not empty");
  const std::int64_t h = x.size(2), w = x.size(3), size = options.window;
  if (size < 1 || size % 2 == 0 || size > h || size > w)
    detail::fail("ssim", {"the window is ", size, " for images ", x.shape()},
                 "it is odd, and at most the image's side");
  if (!(options.sigma > 0)) detail::fail("ssim", {"sigma is ", options.sigma}, "it must be positive");
  if (!(options.range > 0 && std::isfinite(options.range)))
    detail::fail("ssim", {"range is ", options.range}, "it must be positive and finite");
  if (!(options.k1 > 0 && options.k2 > 0 && std::isfinite(options.k1) && std::isfinite(options.k2)))
    detail::fail("ssim", {"k1 is ", options.k1, " and k2 ", options.k2}, "they must be positive and finite");
  detail::check_all_finite("ssim", "elements of x", x);
  detail::check_all_finite("ssim", "elements of y", y);

  std::vector<double> weights;
  double total = 0;
  for (std::int64_t t = 0; t < size; ++t) {
    const double d = static_cast<double>(t - size / 2) / options.sigma;
    weights.push_back(std::exp(-0.5 * d * d));
    total += weights.back();
  }
  for (double& weight : weights) weight /= total;

  const std::int64_t planes = x.size(0) * x.size(1);
  std::vector<double> means(static_cast<std::size_t>(planes));
  parallel_for(planes, 1, [&, from_x = x.data(), from_y = y.data()](std::int64_t begin, std::int64_t end) {
    std::vector<double> moments(static_cast<std::size_t>(5 * h * (w - size + 1)));
    for (std::int64_t p = begin; p < end; ++p)
      means[static_cast<std::size_t>(p)] =
          detail::plane_ssim(from_x + p * h * w, from_y + p * h * w, h, w, weights, options, moments);
  });
  double sum = 0;
  for (const double mean : means) sum += mean;
  return sum / static_cast<double>(planes);
}

}  // namespace regimen
