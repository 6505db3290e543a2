// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cstdint>
#include <vector>

#include "regimen/core/tensor.hpp"
#include "regimen/ops/arithmetic.hpp"
#include "regimen/ops/matmul.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/ops/shape.hpp"
#include "regimen/ops/unary.hpp"

namespace regimen {

struct MmdOptions {
  std::vector<double> bandwidths = {1};  ///< b > 0 of the kernel's parts
  bool unbiased = false;                 ///< without the pairs of a sample with itself; may be negative
};

namespace detail {

/// |x_i - y_j|^2 for the rows of x [n, d] and y [m, d]: [n, m].
template <class T, class Device>
Tensor<T, Device> squared_distances(const Tensor<T, Device>& x, const Tensor<T, Device>& y) {
  return sum(square(x), -1, {.keepdim = true}) + sum(square(y), -1) - matmul(x, y, {.transpose_b = true}) * T{2};
}

}  // namespace detail

/// The squared maximum mean discrepancy of samples x [n, d] and y [m, d], a distance of the distributions that they
/// come from, as one number []:
///
///   mean k(x, x') + mean k(y, y') - 2 mean k(x, y)          k(u, v) = sum_b exp(-|u - v|^2 / (2 b^2))
///
/// Squared distances are |u|^2 + |v|^2 - 2 u v, so centre data that lie far from 0. Costs (n + m)^2 d. Throws Error for
/// other shapes, fewer samples than 1 (2 if unbiased), and bandwidths that are none or not positive.
///
/// Source: Gretton et al. (2012), A kernel two-sample test, equations 3 and 5.
template <class T, class Device>
Tensor<T, Device> mmd(const Tensor<T, Device>& x, const Tensor<T, Device>& y, const MmdOptions& options = {}) {
  const std::int64_t least = options.unbiased ? 2 : 1;
  if (x.rank() != 2 || y.rank() != 2 || x.size(1) != y.size(1) || x.size(0) < least || y.size(0) < least)
    detail::fail("mmd", {"x is ", x.shape(), " and y ", y.shape()},
                 {"they are [n, d] and [m, d], with n and m at least ", least});
  if (options.bandwidths.empty()) detail::fail("mmd", "there are no bandwidths", "give at least one");
  for (const double b : options.bandwidths)
    if (!(b > 0)) detail::fail("mmd", {"a bandwidth is ", b}, "it must be positive");
  const auto total = [&](const Tensor<T, Device>& a, const Tensor<T, Device>& b) {
    const auto squares = detail::squared_distances(a, b);
    Tensor<T, Device> kernels;
    for (const double width : options.bandwidths) {
      const auto part = exp(squares * static_cast<T>(-1 / (2 * width * width)));
      kernels = kernels.defined() ? kernels + part : part;
    }
    return sum(kernels);
  };
  const auto n = static_cast<T>(x.size(0)), m = static_cast<T>(y.size(0));
  const auto across = total(x, y) * (T{2} / (n * m));
  if (!options.unbiased) return total(x, x) / (n * n) + total(y, y) / (m * m) - across;
  const auto self = static_cast<T>(options.bandwidths.size());  // k(x, x)
  return (total(x, x) - n * self) / (n * (n - T{1})) + (total(y, y) - m * self) / (m * (m - T{1})) - across;
}

}  // namespace regimen
