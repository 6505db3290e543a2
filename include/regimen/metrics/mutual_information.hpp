// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/parallel.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"

namespace regimen {

struct MutualInformationOptions {
  std::int64_t neighbours = 3;  ///< k, from 1 to n - 1: few for little bias, many for little variance
};

namespace detail {

/// The largest |a_j - b_j|.
template <class T>
double max_distance(const T* a, const T* b, std::int64_t count) {
  double largest = 0;
  for (std::int64_t j = 0; j < count; ++j)
    largest = std::max(largest, std::abs(static_cast<double>(a[j]) - static_cast<double>(b[j])));
  return largest;
}

}  // namespace detail

/// The mutual information in nats of two continuous variables of which x [n, p] and y [n, q] are joint samples, by the
/// k-th nearest neighbours (estimator 1 of Kraskov, Stoegbauer and Grassberger):
///
///   I = psi(k) + psi(n) - mean_i(psi(nx_i + 1) + psi(ny_i + 1))
///
/// where nx_i samples lie nearer to x_i than the k-th neighbour of (x_i, y_i) to that, all by the maximum norm. It may
/// be slightly negative. Scale the coordinates to similar spread first. Time O(n^2 (p + q)). Throws Error for other
/// shapes, samples that are not finite, and k outside [1, n - 1].
///
/// Source: Kraskov et al. (2004), Estimating mutual information, eq. 8.
template <class T, class Device>
double mutual_information(const Tensor<T, Device>& x, const Tensor<T, Device>& y,
                          const MutualInformationOptions& options = {}) {
  if (x.rank() != 2 || y.rank() != 2 || x.size(0) != y.size(0) || x.size(1) == 0 || y.size(1) == 0)
    detail::fail("mutual_information", {"x is ", x.shape(), " and y ", y.shape()},
                 "they are [n, p] and [n, q], with p and q at least 1");
  const std::int64_t n = x.size(0), k = options.neighbours;
  if (k < 1 || k >= n)
    detail::fail("mutual_information", {"neighbours is ", k, " for ", n, " samples"},
                 "it is from 1 to the number of samples less 1");
  detail::check_all_finite("mutual_information", "samples x", x);
  detail::check_all_finite("mutual_information", "samples y", y);

  std::vector<double> psi{0, -0.57721566490153286};  // of the integers from 1 on
  for (std::int64_t i = 1; i < n; ++i) psi.push_back(psi.back() + 1 / static_cast<double>(i));
  std::vector<double> terms(static_cast<std::size_t>(n));
  parallel_for(n, 16, [&, from_x = x.data(), from_y = y.data()](std::int64_t begin, std::int64_t end) {
    const std::int64_t p = x.size(1), q = y.size(1);
    std::vector<double> to_x(static_cast<std::size_t>(n)), to_y(to_x), both(to_x);
    for (std::int64_t i = begin; i < end; ++i) {
      for (std::int64_t j = 0; j < n; ++j) {
        const auto at = static_cast<std::size_t>(j);
        to_x[at] = detail::max_distance(from_x + i * p, from_x + j * p, p);
        to_y[at] = detail::max_distance(from_y + i * q, from_y + j * q, q);
        both[at] = std::max(to_x[at], to_y[at]);
      }
      std::nth_element(both.begin(), both.begin() + k, both.end());
      const double radius = both[static_cast<std::size_t>(k)];  // the sample itself is the nearest
      std::size_t near_x = 1, near_y = 1;
      for (std::size_t j = 0; j < to_x.size(); ++j) {
        if (j == static_cast<std::size_t>(i)) continue;
        near_x += to_x[j] < radius ? 1 : 0;
        near_y += to_y[j] < radius ? 1 : 0;
      }
      terms[static_cast<std::size_t>(i)] = psi[near_x] + psi[near_y];
    }
  });
  double sum = 0;
  for (const double term : terms) sum += term;
  return psi[static_cast<std::size_t>(k)] + psi[static_cast<std::size_t>(n)] - sum / static_cast<double>(n);
}

}  // namespace regimen
