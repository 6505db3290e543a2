// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "regimen/core/error.hpp"
#include "regimen/core/tensor.hpp"
#include "regimen/metrics/checks.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"

/// Centred kernel alignment: how alike the representations of the same n samples are, in [0, 1].
///
///   CKA(K, L) = <HKH, HLH> / (|HKH| |HLH|),   H = I - 1/n,   K = k(x_i, x_j),   L = k(y_i, y_j)
///
/// Source: Kornblith et al. (2019), Similarity of neural network representations revisited.
namespace regimen {
namespace detail {

template <class T, class Device>
void check_cka(const char* operation, const Tensor<T, Device>& x, const Tensor<T, Device>& y) {
  if (x.rank() != 2 || y.rank() != 2 || x.size(0) != y.size(0) || x.size(0) < 2)
    fail(operation, {"x is ", x.shape(), " and y ", y.shape()}, "they are [n, p] and [n, q], with n at least 2");
  check_all_finite(operation, "features x", x);
  check_all_finite(operation, "features y", y);
}

inline double aligned(const char* operation, double xy, double xx, double yy) {
  if (!(xx > 0 && yy > 0))
    fail(operation, "all rows of x, or all of y, are equal", "there is nothing to compare; take other samples");
  return xy / (std::sqrt(xx) * std::sqrt(yy));
}

/// |x^T y|^2 (Frobenius) through the smaller of x^T y and the Gram matrices.
inline double squared_cross(const Tensor<double>& x, const Tensor<double>& y) {
  const std::int64_t n = x.size(0);
  if (x.size(1) <= n && y.size(1) <= n) return sum(square(matmul(x, y, {.transpose_a = true}))).item();
  return sum(matmul(x, x, {.transpose_b = true}) * matmul(y, y, {.transpose_b = true})).item();
}

/// exp(-|x_i - x_j|^2 / (2 (bandwidth median)^2)), centred along both axes.
inline Tensor<double> centred_rbf(const char* operation, const Tensor<double>& x, double bandwidth) {
  const std::int64_t n = x.size(0);
  const auto gram = matmul(x, x, {.transpose_b = true});
  const auto squares = sum(square(x), -1);
  const auto distances = relu(unsqueeze(squares, 1) + unsqueeze(squares, 0) - gram * 2.0);
  std::vector<double> pairs;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = 0; j < i; ++j) pairs.push_back(distances.data()[i * n + j]);
  const auto middle = pairs.begin() + static_cast<std::ptrdiff_t>((pairs.size() - 1) / 2);
  std::nth_element(pairs.begin(), middle, pairs.end());
  if (!(*middle > 0))
    fail(operation, "the median distance of the rows is 0", "most rows are equal; take other samples");
  const auto k = exp(distances * (-0.5 / (bandwidth * bandwidth * *middle)));
  const auto rows = k - mean(k, 0, {.keepdim = true});
  return rows - mean(rows, 1, {.keepdim = true});
}

}  // namespace detail

/// Linear CKA of features x [n, p] and y [n, q], k(a, b) = a^T b. The same for rotated and isotropically scaled
/// features. Computed in double. Throws Error for other shapes, n < 2, features that are not finite, and where all rows
/// of one are equal.
template <class T, class Device>
double cka(const Tensor<T, Device>& x, const Tensor<T, Device>& y) {
  detail::check_cka("cka", x, y);
  const auto centred = [](const Tensor<double>& features) {
    const auto shifted = features - mean(features, 0);
    const double size = features.size() == 0 ? 0 : max(abs(shifted)).item();
    return size > 0 ? shifted * (1 / size) : shifted;  // neither overflows nor underflows
  };
  const auto a = centred(x.template to<double>()), b = centred(y.template to<double>());
  return detail::aligned("cka", detail::squared_cross(a, b), detail::squared_cross(a, a), detail::squared_cross(b, b));
}

struct RbfCkaOptions {
  double bandwidth = 0.5;  ///< > 0: s over the median distance of two rows
};

/// CKA with k(a, b) = exp(-|a - b|^2 / (2 s^2)). Needs memory for [n, n]. Throws Error as cka(), and where the median
/// distance is 0. The median of an even number of distances is the lower one.
template <class T, class Device>
double rbf_cka(const Tensor<T, Device>& x, const Tensor<T, Device>& y, const RbfCkaOptions& options = {}) {
  detail::check_cka("rbf_cka", x, y);
  if (!(options.bandwidth > 0 && std::isfinite(options.bandwidth)))
    detail::fail("rbf_cka", {"bandwidth is ", options.bandwidth}, "it must be positive and finite");
  const auto centred = [&](const Tensor<double>& features) {
    return detail::centred_rbf("rbf_cka", features - mean(features, 0), options.bandwidth);
  };
  const auto k = centred(x.template to<double>()), l = centred(y.template to<double>());
  return detail::aligned("rbf_cka", sum(k * l).item(), sum(square(k)).item(), sum(square(l)).item());
}

}  // namespace regimen
